// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** NATS over a plain socket, as its protocol says: nothing of it is a library's. */
final class RawNats implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final String FIRST_LINE = "NATS/1.0";

    private final Socket socket;
    private final InputStream in;

    RawNats(String host, int port) throws IOException {
        socket = new Socket(host, port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
        assertThat(line()).startsWith("INFO {");
        send("CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true,\"protocol\":1}");
        flush();
    }

    /** Waits until the server has done all that was sent. */
    void flush() throws IOException {
        send("PING");
        assertThat(line()).isEqualTo("PONG");
    }

    void subscribe(String subject) throws IOException {
        send("SUB " + subject + " 1");
        flush();
    }

    /** Publishes with headers; the last may be empty for no reply subject. */
    void publish(String subject, String replyTo, TreeMap<String, String> headers, byte[] payload)
            throws IOException {
        var head = new StringBuilder(FIRST_LINE).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(
                "HPUB %s %s %d %d\r\n"
                        .formatted(
                                subject,
                                replyTo,
                                headBytes.length,
                                headBytes.length + payload.length)
                        .getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(headBytes);
        bytes.writeBytes(payload);
        bytes.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(bytes.toByteArray());
    }

    /** A message that came, with its headers and the subject for replies, if any. */
    record Arrived(String subject, String replyTo, Foreign.Seen seen) {}

    /** The next message. */
    Arrived next() throws IOException {
        String[] words = line().split(" ");
        boolean withHeaders = words[0].equals("HMSG");
        assertThat(words[0]).isIn("MSG", "HMSG");
        int numbers = withHeaders ? 2 : 1;
        String replyTo = words.length == 3 + numbers ? "" : words[3];
        int total = Integer.parseInt(words[words.length - 1]);
        int head = withHeaders ? Integer.parseInt(words[words.length - 2]) : 0;
        var headers = headers(new String(in.readNBytes(head), StandardCharsets.UTF_8));
        byte[] payload = in.readNBytes(total - head);
        assertThat(line()).isEmpty();
        return new Arrived(words[1], replyTo, new Foreign.Seen(payload, headers));
    }

    private static TreeMap<String, String> headers(String head) {
        var headers = new TreeMap<String, String>();
        head.lines()
                .skip(1)
                .filter(line -> !line.isEmpty())
                .forEach(line -> {
                    int colon = line.indexOf(':');
                    headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
                });
        return headers;
    }

    private void send(String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            assertThat(b).as("the server's answer").isNotNegative();
            if (b != '\r') {
                line.write(b);
            }
        }
        String text = line.toString(StandardCharsets.UTF_8);
        if (text.equals("PING")) {
            send("PONG");
            return line();
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
