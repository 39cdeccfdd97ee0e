// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a program to its end, in a folder and with an environment of its own. */
record Shell(Path folder, Map<String, String> environment) {
    /** What a program left: its status and its two outputs. */
    record Result(int status, String out, String err) {}

    /** Waits for the program to end. The test's time-out is the limit. */
    Result run(String... command) throws IOException, InterruptedException {
        Path out = Files.createTempFile("lapwing", ".out");
        Path err = Files.createTempFile("lapwing", ".err");
        try {
            var builder = new ProcessBuilder(List.of(command)).directory(folder.toFile());
            builder.environment().putAll(environment);
            Process process =
                    builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            int status = process.waitFor();
            return new Result(status, text(out), text(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
