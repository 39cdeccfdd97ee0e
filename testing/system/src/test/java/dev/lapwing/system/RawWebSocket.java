// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A WebSocket client of bare bytes: what tokio-tungstenite puts on the wire, and nothing that a
 * library would smooth over.
 */
final class RawWebSocket implements AutoCloseable {

    private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

    /** A frame: its first byte and its payload. */
    record Frame(int first, byte[] payload) {
        boolean isText() {
            return first == 0x81;
        }

        boolean isClose() {
            return first == 0x88;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return (payload[0] & 0xff) << 8 | payload[1] & 0xff;
        }

        String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** Connects and makes the handshake. */
    RawWebSocket(int port, String target) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout((int) Program.PATIENCE.toMillis());
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        out.write(
                ("GET "
                                + target
                                + " HTTP/1.1\r\nHost: 127.0.0.1:"
                                + port
                                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                + "Sec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        List<String> head = head();
        if (!head.getFirst().startsWith("HTTP/1.1 101 ")
                || head.stream()
                        .noneMatch(line ->
                                line.equalsIgnoreCase(
                                        "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))) {
            throw new IOException("no handshake: " + head);
        }
    }

    private List<String> head() throws IOException {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        while (true) {
            char c = (char) in.readUnsignedByte();
            if (c == '\n') {
                if (line.isEmpty()) {
                    return lines;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append(c);
            }
        }
    }

    /** Sends a masked text frame of up to 125 bytes. */
    void send(String text) throws IOException {
        byte[] payload = text.getBytes(StandardCharsets.UTF_8);
        byte[] frame = new byte[6 + payload.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | payload.length);
        System.arraycopy(MASK, 0, frame, 2, 4);
        for (int at = 0; at < payload.length; at++) {
            frame[6 + at] = (byte) (payload[at] ^ MASK[at % 4]);
        }
        out.write(frame);
    }

    /** The next frame; pings are passed by. */
    Frame next() throws IOException {
        int first = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return first == 0x89 ? next() : new Frame(first, payload);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
