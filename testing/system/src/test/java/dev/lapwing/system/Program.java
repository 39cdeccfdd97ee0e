// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The {@code lapwing} command in a process of its own, with the classes that this build compiled.
 * Closing it kills the process if it still runs.
 */
final class Program implements AutoCloseable {

    /** How long anything may take on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private Program(String name, Process process) {
        this.name = name;
        this.process = process;
        readers.add(read(process.getInputStream(), out));
        readers.add(read(process.getErrorStream(), err));
    }

    /** Starts {@code lapwing} with these arguments in a folder. */
    static Program lapwing(Path folder, String... arguments) throws IOException {
        return start(folder, Map.of(), command(arguments));
    }

    /**
     * Starts any command in a folder; nothing of Lapwing's environment of this build reaches it.
     */
    static Program start(Path folder, Map<String, String> environment, List<String> command)
            throws IOException {
        var builder = new ProcessBuilder(hearingCtrlC(command)).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LAPWING_"));
        builder.environment().putAll(environment);
        return new Program(command.getLast(), builder.start());
    }

    /**
     * A program inherits which signals are ignored, and a shell starts what runs in the background
     * without Ctrl-C: so that the tests do not depend on how they were started, it is taken back.
     */
    private static List<String> hearingCtrlC(List<String> command) {
        if (!System.getProperty("os.name").equals("Linux")) {
            return command;
        }
        return Stream.concat(Stream.of("env", "--default-signal=INT"), command.stream()).toList();
    }

    /** The words of a command line that runs {@code lapwing}. */
    static List<String> command(String... arguments) {
        return Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx256m",
                                "--enable-native-access=ALL-UNNAMED",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-classpath",
                                classPath(),
                                "dev.lapwing.cli.Main"),
                        Arrays.stream(arguments))
                .toList();
    }

    private static String classPath() {
        return String.join(
                File.pathSeparator,
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                        .filter(entry -> !entry.endsWith("test-classes"))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    private static Thread read(InputStream stream, List<String> lines) {
        return Thread.ofVirtual()
                .start(() -> {
                    try (var reader =
                            new BufferedReader(
                                    new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                        for (String line = reader.readLine();
                                line != null;
                                line = reader.readLine()) {
                            lines.add(line);
                        }
                    } catch (IOException e) {
                        // The process was killed.
                    }
                });
    }

    /** The lines of standard output so far. */
    List<String> out() {
        return out;
    }

    /** The lines of standard error so far. */
    List<String> err() {
        return err;
    }

    /** Writes to standard input. */
    void type(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Ends standard input. */
    void endInput() throws IOException {
        OutputStream in = process.getOutputStream();
        in.close();
    }

    /** Waits for a line of standard output that begins so, and gives the whole line. */
    String awaitOut(String beginning) {
        return awaitLine(out, beginning);
    }

    /** Waits for a line of standard error that begins so, and gives the whole line. */
    String awaitErr(String beginning) {
        return awaitLine(err, beginning);
    }

    private String awaitLine(List<String> lines, String beginning) {
        await().alias("'%s' from %s".formatted(beginning, name))
                .atMost(PATIENCE)
                .until(() -> find(lines, beginning).isPresent() || hasEnded());
        return find(lines, beginning)
                .orElseThrow(() ->
                        new AssertionError("'%s' did not come from %s".formatted(beginning, this)));
    }

    private static Optional<String> find(List<String> lines, String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).findFirst();
    }

    private boolean hasEnded() {
        return !process.isAlive() && readers.stream().noneMatch(Thread::isAlive);
    }

    /** Waits for the end of the process and of its output. */
    int exitCode() throws InterruptedException {
        await().alias("the end of " + this).atMost(PATIENCE).until(() -> !process.isAlive());
        for (Thread reader : readers) {
            reader.join();
        }
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM. The handle leaves the outputs open, as the process itself would not. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Sends SIGINT, as Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public String toString() {
        return "%s (out: %s, err: %s)".formatted(name, last(out), last(err));
    }

    private static List<String> last(List<String> lines) {
        return lines.subList(Math.max(0, lines.size() - 10), lines.size());
    }
}
