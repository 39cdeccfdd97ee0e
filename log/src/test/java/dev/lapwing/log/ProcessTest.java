// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Processes that are killed, and processes whose disk breaks, against a ledger outside of them. */
class ProcessTest {
    private static final int KILLS = Boolean.getBoolean("lapwing.long") ? 300 : 12;

    @TempDir Path directory;

    private final Set<Long> stored = new TreeSet<>();
    private final Set<Long> tried = new HashSet<>();
    private long next;

    private Process start(String... before) throws IOException {
        var command = new ArrayList<>(List.of(before));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        command.addAll(
                List.of(
                        java,
                        "-Xmx64m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LogChild.class.getName(),
                        directory.resolve("log").toString(),
                        Long.toString(next)));
        return new ProcessBuilder(command)
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    /** Notes what the process says, until it ends or has said so many lines; then kills it. */
    private List<String> listen(Process process, int lines) throws Exception {
        var said = new ArrayList<String>();
        try (BufferedReader reader = process.inputReader()) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                note(line);
                said.add(line);
                if (said.size() == lines) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.toHandle().destroyForcibly();
                }
            }
        }
        process.waitFor();
        return said;
    }

    private void note(String line) {
        var words = line.split(" ");
        long number = Long.parseLong(words[1]);
        if (words[0].equals("try")) {
            tried.add(number);
            next = number + 1;
        } else if (words[0].equals("stored")) {
            stored.add(number);
        }
    }

    private void check() {
        var settings = LogSettings.defaults().withSegmentBytes(64 * 1024);
        try (var log =
                Log.open(DiskStorage.at(directory.resolve("log")), settings, LogOwner.none())) {
            assertThat(log.recovery().damages()).isEmpty();
            var found = new ArrayList<Long>();
            log.stream("numbers")
                    .ifPresent(stream ->
                            Collected.all(stream)
                                    .texts
                                    .forEach(
                                            text -> found.add(Long.parseLong(text.split(" ")[0]))));
            assertThat(found).isSorted().doesNotHaveDuplicates();
            assertThat(found).containsAll(stored);
            assertThat(tried).containsAll(found);
        }
    }

    @Test
    void killedProcessesLoseNothingThatWasStored() throws Exception {
        long seed = Long.getLong("lapwing.seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        for (int kill = 0; kill < KILLS; kill++) {
            // Every other one is killed with its first words, while it opens or just has.
            listen(start(), kill % 2 == 0 ? 200 + random.nextInt(2000) : 1 + random.nextInt(3));
        }
        check();
        assertThat(stored).as("seed " + seed).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"fdatasync,40", "fdatasync,3", "fsync,2", "pwrite64,30"})
    void brokenDiskIsNeverTakenForStored(String call, int when) throws Exception {
        listen(start(), 40);
        var process =
                start(
                        "strace",
                        "-f",
                        "-qq",
                        "-o",
                        directory.resolve("trace").toString(),
                        "-e",
                        "trace=" + call,
                        "-e",
                        "inject=%s:error=EIO:when=%d".formatted(call, when));
        var said = listen(process, 2000);
        var trace = Files.readString(directory.resolve("trace"));
        int broken = firstIndex(said, "failed", "refused");
        if (broken >= 0) {
            assertThat(said.subList(broken, said.size()))
                    .noneMatch(line -> line.startsWith("stored"));
        }
        assertThat(trace).as("strace reached its aim").contains("EIO");
        check();
        listen(start(), 40);
        check();
    }

    private static int firstIndex(List<String> lines, String... words) {
        for (int i = 0; i < lines.size(); i++) {
            var line = lines.get(i);
            if (Arrays.stream(words).anyMatch(line::startsWith)) {
                return i;
            }
        }
        return -1;
    }
}
