// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A running server in a process group of its own that does not outlive this JVM.
 *
 * <p>A shell stands between the two: it reads a pipe whose other end only this JVM holds, and when
 * that ends, even by kill -9, it kills the server's whole group and deletes its folder.
 */
final class Child {

    private static final String GUARD =
            """
            log=$1
            folder=$2
            shift 2
            exec 3<&0 </dev/null
            setsid "$@" >>"$log" 2>&1 3<&- &
            server=$!
            echo $server
            exec >&-
            { read -r never <&3; trap '' TERM; kill -KILL -$server; rm -rf "$folder"; } &
            guard=$!
            exec 3<&-
            wait $server
            status=$?
            kill -TERM $guard
            exit $status
            """;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);
    private static final long STOP_LOOK_NANOS = 1_000_000;

    private final Process guard;
    private final long pid;

    private Child(Process guard, long pid) {
        this.guard = guard;
        this.pid = pid;
    }

    /** Starts a command in a folder of its own; its output goes behind what the log has. */
    static Child start(
            List<String> command, Map<String, String> environment, Path folder, Path log) {
        var words =
                new ArrayList<>(
                        List.of(
                                "setsid",
                                "sh",
                                "-c",
                                GUARD,
                                "guard",
                                log.toString(),
                                folder.toString()));
        words.addAll(command);
        var builder =
                new ProcessBuilder(words)
                        .directory(folder.toFile())
                        .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        try {
            Process guard = builder.start();
            var reader =
                    new BufferedReader(
                            new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8));
            String pid = reader.readLine();
            if (pid == null) {
                throw new IllegalStateException(
                        "%s did not start, see %s".formatted(command.getFirst(), log));
            }
            return new Child(guard, Long.parseLong(pid));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.getFirst(), e);
        }
    }

    boolean isAlive() {
        return guard.isAlive();
    }

    /** Waits until it ends or the time is over; true if it has ended. */
    boolean awaitEnd(Duration time) {
        try {
            return guard.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a server", e);
        }
    }

    /** The exit code of the ended server. */
    int exitCode() {
        return guard.exitValue();
    }

    /** Sends SIGKILL to all its processes and waits until they are gone. */
    void kill() {
        if (isAlive()) {
            List<ProcessHandle> processes = processes();
            signal("KILL", processes);
            processes.forEach(process -> process.onExit().join());
            guard.onExit().join();
        }
    }

    /** Sends SIGTERM to the server alone, which ends by itself then. */
    void terminate() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }

    /** Stops all processes in their tracks; returns when they stand still. */
    void pause() {
        List<ProcessHandle> all = processes();
        signal("STOP", all);
        all.forEach(Child::awaitStop);
    }

    /** A signal is only asked for: the process may run on for a moment. */
    private static void awaitStop(ProcessHandle process) {
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        long until = System.nanoTime() + STOP_PATIENCE.toNanos();
        while (Files.isDirectory(threads) && !isStopped(threads)) {
            if (System.nanoTime() - until >= 0) {
                throw new IllegalStateException(
                        "process " + process.pid() + " did not stop within " + STOP_PATIENCE);
            }
            LockSupport.parkNanos(STOP_LOOK_NANOS);
        }
    }

    /** Whether no thread runs any more: its state stands behind its name in parentheses. */
    private static boolean isStopped(Path threads) {
        try (Stream<Path> each = Files.list(threads)) {
            for (Path thread : each.toList()) {
                String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
                if ("TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    void resume() {
        signal("CONT", processes());
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.of(pid).stream()
                .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
                .toList();
    }

    private static void signal(String signal, List<ProcessHandle> processes) {
        String pids =
                processes.stream()
                        .map(process -> Long.toString(process.pid()))
                        .collect(Collectors.joining(" "));
        if (pids.isEmpty()) {
            return;
        }
        try {
            // The shell's own kill; one that has ended meanwhile is no failure.
            new ProcessBuilder("sh", "-c", "kill -%s %s".formatted(signal, pids))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .onExit()
                    .join();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + signal + " to " + pids, e);
        }
    }
}
