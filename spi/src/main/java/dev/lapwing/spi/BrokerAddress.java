// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.InvalidUriException;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a broker in a connection URI: {@code //user:password@host1:port,host2:port/path}.
 * All parts are decoded.
 *
 * @param user who connects, if it is given
 * @param password the password, if it is given; never to be logged
 * @param hosts at least one
 * @param path what follows the slash behind the hosts; empty where there is no slash
 */
public record BrokerAddress(
        Optional<String> user, Optional<String> password, List<Host> hosts, Optional<String> path) {

    private static final Pattern SHAPE = Pattern.compile("//(?:([^@]*)@)?([^/@]+)(?:/(.*))?");
    private static final Pattern HOST =
            Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

    /**
     * One server.
     *
     * @param name a host name or an IP address; an IPv6 address without its brackets
     * @param port from 1 to 65,535
     */
    public record Host(String name, int port) {
        /** As it stands in a URI: {@code 10.0.0.1:5672}, {@code [::1]:5672}. */
        @Override
        public String toString() {
            return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
        }
    }

    /**
     * Reads the address of a URI.
     *
     * @param standardPort the port of a host that names none
     * @throws InvalidUriException if there is no host, or a port is not from 1 to 65,535
     */
    public static BrokerAddress of(TransportUri uri, int standardPort) {
        Matcher shape = SHAPE.matcher(uri.address());
        if (!shape.matches()) {
            throw invalid(uri, standardPort);
        }
        var hosts = new ArrayList<Host>();
        for (String each : shape.group(2).split(",", -1)) {
            hosts.add(host(uri, each, standardPort));
        }
        String login = Optional.ofNullable(shape.group(1)).orElse("");
        int colon = login.indexOf(':');
        return new BrokerAddress(
                some(decode(uri, colon < 0 ? login : login.substring(0, colon))),
                colon < 0 ? Optional.empty() : Optional.of(decode(uri, login.substring(colon + 1))),
                List.copyOf(hosts),
                Optional.ofNullable(shape.group(3)).map(path -> decode(uri, path)));
    }

    private static Host host(TransportUri uri, String text, int standardPort) {
        Matcher host = HOST.matcher(text);
        if (!host.matches()) {
            throw invalid(uri, standardPort);
        }
        int port = host.group(2) == null ? standardPort : Integer.parseInt(host.group(2));
        if (port < 1 || port > 65_535) {
            throw new InvalidUriException(
                    "Port %d in %s is not valid; a port is from 1 to 65535".formatted(port, uri));
        }
        String name = host.group(1);
        return new Host(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port);
    }

    private static Optional<String> some(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String decode(TransportUri uri, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidUriException(
                    "The address of %s is not valid percent-encoding".formatted(uri), e);
        }
    }

    private static InvalidUriException invalid(TransportUri uri, int standardPort) {
        return new InvalidUriException(
                "%s names no broker; write it like %s://user:password@localhost:%d"
                        .formatted(uri, uri.scheme(), standardPort));
    }

    /** All hosts, joined by commas; without user and password, so that it can be shown. */
    public String shown() {
        return String.join(",", hosts.stream().map(Host::toString).toList());
    }

    /** Without the password. */
    @Override
    public String toString() {
        return user.map(name -> name + "@").orElse("")
                + shown()
                + path.map(p -> "/" + p).orElse("");
    }
}
