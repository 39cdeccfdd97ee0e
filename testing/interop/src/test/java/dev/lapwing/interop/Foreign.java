// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A program that is not ours, in a process that ends when this is closed. */
final class Foreign implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    private static final String END = "\0end of output";

    private final String name;
    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private Foreign(String name, Process process) {
        this.name = name;
        this.process = process;
        Thread.ofVirtual().start(this::readLines);
    }

    /** Starts one of the Python programs beside this class, with Debian's Python and packages. */
    static Foreign python(String script, String... arguments) {
        Path debian = Path.of("/usr/bin/python3");
        List<String> command = new ArrayList<>();
        command.add(Files.isExecutable(debian) ? debian.toString() : "python3");
        try {
            command.add(
                    Path.of(Objects.requireNonNull(Foreign.class.getResource(script)).toURI())
                            .toString());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        command.addAll(List.of(arguments));
        return start(command);
    }

    /** Starts any program of the system. */
    static Foreign start(List<String> command) {
        try {
            return new Foreign(
                    String.join(" ", command),
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    command.getFirst() + " is not on this machine: ./verify installs it", e);
        }
    }

    /** Runs a program to its end with this input, and gives its output byte for byte. */
    static byte[] run(byte[] input, List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        try (var in = process.getOutputStream()) {
            in.write(input);
        }
        byte[] output = process.getInputStream().readAllBytes();
        byte[] complaints = process.getErrorStream().readAllBytes();
        assertThat(process.waitFor())
                .as("%s: %s", command, new String(complaints, StandardCharsets.UTF_8))
                .isZero();
        return output;
    }

    private void readLines() {
        try (var reader =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
            }
        } catch (IOException e) {
            // It was killed.
        }
        lines.add(END);
    }

    /** The next line of its output. */
    String line() throws InterruptedException {
        String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (line == null || line.equals(END)) {
            throw new AssertionError(
                    "%s said nothing more%s".formatted(name, line == null ? "" : " and ended"));
        }
        return line;
    }

    /** Waits for a line. */
    Foreign awaitLine(String wanted) throws InterruptedException {
        assertThat(line()).as(name).isEqualTo(wanted);
        return this;
    }

    /** A message that it read: lines {@code payload HEX}, {@code NAME VALUE}…, and {@code end}. */
    Seen message() throws InterruptedException {
        byte[] payload = HexFormat.of().parseHex(line().substring("payload ".length()));
        var headers = new TreeMap<String, String>();
        for (String line = line(); !line.equals("end"); line = line()) {
            int space = line.indexOf(' ');
            headers.put(line.substring(0, space), line.substring(space + 1));
        }
        return new Seen(payload, headers);
    }

    /** A message as a foreign program saw it. */
    record Seen(byte[] payload, TreeMap<String, String> headers) {}

    /** Waits for its good end. */
    void awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(name).isTrue();
        assertThat(process.exitValue()).as("%s: %s", name, lines).isZero();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
