// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A fresh directory for one server or one log; deleted when it is closed. */
record Scratch(Path path) implements AutoCloseable {
    static Scratch under(Path data) throws IOException {
        Files.createDirectories(data);
        return new Scratch(Files.createTempDirectory(data, "run"));
    }

    long bytes() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
