// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process started by the benchmark: one server or one load client. Closing it ends it and the
 * processes that it started. Its output is read by a thread of its own, so that it never blocks.
 */
final class Child implements AutoCloseable {
    private static final String END = "\u0000end";
    private static final double TICKS_PER_SECOND = 100;

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        Thread.ofVirtual().name("output of " + name).start(this::readOutput);
    }

    static Child start(String name, ProcessBuilder command) throws IOException {
        return new Child(name, command.redirectErrorStream(true).start());
    }

    /** Starts a class of the benchmark, with the options of {@code tools/java.options}. */
    static Child java(Class<?> main, String heap, List<String> arguments) throws IOException {
        return java(main.getName(), heap, System.getProperty("java.class.path"), arguments);
    }

    /** Starts a class of another class path, in the same way. */
    static Child java(String main, String heap, String classPath, List<String> arguments)
            throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-Xmx" + heap,
                        "-Xms" + heap,
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Dio.netty.leakDetection.level=disabled",
                        "-cp",
                        classPath,
                        main));
        command.addAll(arguments);
        return start(main.substring(main.lastIndexOf('.') + 1), new ProcessBuilder(command));
    }

    /** Runs a load client to its end and returns what it measured. */
    static List<Result> measure(Class<?> main, String heap, List<String> arguments)
            throws IOException, InterruptedException {
        try (Child child = java(main, heap, arguments)) {
            return child.results();
        }
    }

    private void readOutput() {
        try (BufferedReader reader = process.inputReader()) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException _) {
            // The process was ended while it was being read.
        }
        lines.add(END);
    }

    /** Waits for a line that begins so, and returns the rest of it. */
    String awaitLine(String prefix, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new BenchmarkFailure(
                        "%s did not print \"%s\" within %s; it said: %s"
                                .formatted(name, prefix, patience, said()));
            }
            if (line.equals(END)) {
                throw new BenchmarkFailure(name + " ended early; it said: " + said());
            }
            seen.add(line);
            int found = line.indexOf(prefix);
            if (found >= 0) {
                return line.substring(found + prefix.length());
            }
        }
    }

    /** Gives it a command and waits for its line of results. */
    Result ask(String command, Duration patience) throws IOException, InterruptedException {
        Writer commands = process.outputWriter();
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException _) {
            // It has ended; what it said comes with the failure.
        }
        return Result.parse(Result.PREFIX + awaitLine(Result.PREFIX, patience));
    }

    int awaitPort() throws InterruptedException {
        return Integer.parseInt(
                awaitLine(BareServer.READY, Duration.ofSeconds(30)).split(" ", 2)[0]);
    }

    private List<Result> results() throws InterruptedException {
        var results = new ArrayList<Result>();
        for (String line = lines.take(); !line.equals(END); line = lines.take()) {
            seen.add(line);
            if (line.startsWith(Result.PREFIX)) {
                results.add(Result.parse(line));
            }
        }
        if (process.waitFor() != 0 || results.isEmpty()) {
            throw new BenchmarkFailure(name + " failed; it said: " + said());
        }
        return results;
    }

    private String said() {
        int from = Math.max(0, seen.size() - 12);
        return seen.isEmpty() ? "nothing" : String.join("\n  ", seen.subList(from, seen.size()));
    }

    /** The resident memory (VmRSS) of this process and its descendants, in bytes. */
    long residentBytes() {
        return processes().mapToLong(Child::residentBytes).sum();
    }

    /** The processor time, user and system, of this process and its descendants. */
    double processorSeconds() {
        return processes().mapToDouble(Child::processorSeconds).sum();
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static long residentBytes(ProcessHandle handle) {
        try (Stream<String> status = Files.lines(proc(handle, "status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double processorSeconds(ProcessHandle handle) {
        try {
            String stat = Files.readString(proc(handle, "stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path proc(ProcessHandle handle, String file) {
        return Path.of("/proc", Long.toString(handle.pid()), file);
    }

    @Override
    public void close() {
        List<ProcessHandle> all = processes().toList();
        all.forEach(ProcessHandle::destroy);
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                all.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
        } catch (InterruptedException _) {
            all.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }
}
