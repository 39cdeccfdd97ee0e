// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process that speaks ZeroMQ by libzmq: {@code peer.py}. Ends with its input, or is killed. */
final class LibzmqPeer implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final Process process;
    private final Writer input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private LibzmqPeer(String... arguments) {
        try {
            process =
                    new ProcessBuilder(
                                    Stream.concat(
                                                    Stream.of(python(), "-u", script().toString()),
                                                    Arrays.stream(arguments))
                                            .toList())
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
        } catch (IOException e) {
            throw new UncheckedIOException("python3 with pyzmq is needed: python3-zmq", e);
        }
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(() -> read(process.inputReader(StandardCharsets.UTF_8)));
        assertThat(next()).as("pyzmq is needed: install python3-zmq").isEqualTo("ready");
    }

    /** The Python of the system, which has the system's pyzmq. */
    private static String python() {
        Path system = Path.of("/usr/bin/python3");
        return Files.isExecutable(system) ? system.toString() : "python3";
    }

    private static Path script() {
        try {
            return Path.of(LibzmqPeer.class.getResource("/peer.py").toURI());
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs {@code peer.py} with these arguments, and returns when it is ready. */
    static LibzmqPeer start(String... arguments) {
        return new LibzmqPeer(arguments);
    }

    private void read(BufferedReader output) {
        try {
            output.lines().forEach(lines::add);
        } catch (UncheckedIOException e) {
            // It was killed, and its output closed in the middle of this read.
        }
    }

    private String next() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("what the peer says").isNotNull();
            return line;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Sends a message, and returns when it is with libzmq. */
    synchronized void send(String topic, byte[] payload) {
        try {
            String hex = payload.length == 0 ? "-" : HexFormat.of().formatHex(payload);
            input.write(topic + " " + hex + "\n");
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(next()).isEqualTo("sent");
    }

    /** The frames of the next message. */
    List<byte[]> receive() {
        return Arrays.stream(next().split(" "))
                .map(hex -> hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex))
                .toList();
    }

    /** Kills it. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            boolean unused = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
