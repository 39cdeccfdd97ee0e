// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The opening of a WebSocket, RFC 6455 section 4.2.
 *
 * @param accept what proves to the client that the upgrade was understood
 */
record Handshake(String accept) {
    private static final String MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    /**
     * Reads the client's part.
     *
     * @throws Refusal if it does not ask for a WebSocket, or not in a valid way
     */
    static Handshake of(Request request) {
        boolean asked =
                !request.old()
                        && request.method().equals("GET")
                        && request.headers()
                                .containsValue(HttpHeaderNames.CONNECTION, "upgrade", true)
                        && request.headers()
                                .containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
        if (!asked) {
            throw new Refusal(
                    Problem.upgradeRequired(
                            "%s is read through a WebSocket; connect with ws:// or wss://, or with wscat"
                                    .formatted(Target.printable(request.path()))));
        }
        String version = request.header(HttpHeaderNames.SEC_WEBSOCKET_VERSION).orElse("missing");
        if (!version.equals("13")) {
            throw new Refusal(
                    Problem.upgradeRequired(
                            "Sec-WebSocket-Version is %s; it must be 13"
                                    .formatted(Target.printable(version))));
        }
        return new Handshake(accept(request.header(HttpHeaderNames.SEC_WEBSOCKET_KEY).orElse("")));
    }

    private static String accept(String key) {
        if (!key.matches("[A-Za-z0-9+/]{22}==")) {
            throw new Refusal(
                    Problem.badRequest(
                            "Sec-WebSocket-Key is '%s'; it must be 16 bytes in base64"
                                    .formatted(Target.printable(key))));
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + MAGIC).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }

    /** The server's part. */
    ByteBuf answer(Channel channel) {
        return ByteBufUtil.writeAscii(
                channel.alloc(),
                "HTTP/1.1 101 Switching Protocols\r\n"
                        + "upgrade: websocket\r\n"
                        + "connection: upgrade\r\n"
                        + "sec-websocket-accept: "
                        + accept
                        + "\r\n\r\n");
    }
}
