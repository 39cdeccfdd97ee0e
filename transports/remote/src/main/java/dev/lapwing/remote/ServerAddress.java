// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.TransportUri;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a Lapwing server listens.
 *
 * @param authority host and port as they stand in a URL: {@code 127.0.0.1:3030}, {@code [::1]:3030}
 */
record ServerAddress(String authority) {

    private static final int STANDARD_PORT = 3030;
    private static final Pattern SHAPE =
            Pattern.compile("//(\\[[0-9A-Fa-f:.%]+]|[^\\[\\]/:@\\s]+)(?::(\\d{1,5}))?/?");

    /**
     * Reads {@code //HOST} or {@code //HOST:PORT}.
     *
     * @throws InvalidUriException if it is neither
     */
    static ServerAddress of(TransportUri uri) {
        Matcher shape = SHAPE.matcher(uri.address());
        if (!shape.matches()) {
            throw new InvalidUriException(
                    "'%s' does not name a Lapwing server; write it like lapwing://127.0.0.1:3030"
                            .formatted(uri));
        }
        int port = shape.group(2) == null ? STANDARD_PORT : Integer.parseInt(shape.group(2));
        if (port < 1 || port > 65_535) {
            throw new InvalidUriException(
                    "The port in '%s' is %d; it must be from 1 to 65535".formatted(uri, port));
        }
        return new ServerAddress(shape.group(1) + ":" + port);
    }

    /** The URL of a path of the server; its parts are encoded already. */
    URI http(String path) {
        return URI.create("http://" + authority + path);
    }

    /** The URL of a path of the server, for a WebSocket; its parts are encoded already. */
    URI webSocket(String path) {
        return URI.create("ws://" + authority + path);
    }

    /** The host of a URL as it is looked up: without the brackets of an address of IPv6. */
    static String host(URI address) {
        String host = address.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** Text as one part of a path, or as the value of a header: percent-encoded UTF-8. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return "lapwing://" + authority;
    }
}
