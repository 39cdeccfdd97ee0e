// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The server's side of one request: an answer, WebSocket frames, or a broken connection. */
final class Reply {

    private final Socket socket;
    private final ScriptedServer.Request request;

    Reply(Socket socket, ScriptedServer.Request request) {
        this.socket = socket;
        this.request = request;
    }

    void json(int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        write("HTTP/1.1 %d x\r\ncontent-length: %d\r\n\r\n".formatted(status, bytes.length), bytes);
    }

    /** Breaks the connection without an answer. */
    void cut() throws IOException {
        socket.close();
    }

    /** Accepts the WebSocket. */
    void upgrade() throws IOException {
        String key =
                request.headers().get("sec-websocket-key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-1")
                            .digest(key.getBytes(StandardCharsets.US_ASCII));
            String head =
                    "HTTP/1.1 101 x\r\nupgrade: websocket\r\nconnection: upgrade\r\n"
                            + "sec-websocket-accept: "
                            + Base64.getEncoder().encodeToString(hash)
                            + "\r\n\r\n";
            write(head, new byte[0]);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    /** An event with a position, whose payload is its text. */
    void event(long position, String data) throws IOException {
        text(
                "{\"position\":\"%d\",\"id\":\"i%d\",\"time\":\"2026-11-21T00:00:00Z\",\"headers\":{},\"data\":\"%s\"}"
                        .formatted(position, position, data));
    }

    void text(String text) throws IOException {
        frame(0x81, text.getBytes(StandardCharsets.UTF_8));
    }

    void close(int code, String reason) throws IOException {
        var payload = new ByteArrayOutputStream();
        payload.write(code >> 8);
        payload.write(code);
        payload.writeBytes(reason.getBytes(StandardCharsets.UTF_8));
        frame(0x88, payload.toByteArray());
    }

    /** Waits until the client has closed the connection. */
    void awaitClose() throws IOException {
        while (socket.getInputStream().read() >= 0) {
            // Pongs and the close frame are not looked at.
        }
    }

    private void frame(int first, byte[] payload) throws IOException {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else {
            frame.write(126);
            frame.write(payload.length >> 8);
            frame.write(payload.length);
        }
        frame.writeBytes(payload);
        write("", frame.toByteArray());
    }

    private synchronized void write(String head, byte[] body) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
        out.writeBytes(body);
        socket.getOutputStream().write(out.toByteArray());
        socket.getOutputStream().flush();
    }
}
