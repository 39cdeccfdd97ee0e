// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All Java sources under one folder, tests included, but for what builds produce. */
record Sources(Path folder) {
    /** The sources of the repository that these tests run in. */
    static Sources ofTheRepository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return new Sources(folder);
    }

    /** The sources with more lines than {@code limit}, each as {@code path: lines}. */
    List<String> longerThan(int limit) {
        return paths().filter(path -> lines(path).size() > limit)
                .map(path -> folder.relativize(path) + ": " + lines(path).size() + " lines")
                .toList();
    }

    /** The lines in which {@code pattern} occurs, each as {@code path:number: line}. */
    List<String> linesWith(Pattern pattern) {
        return paths().flatMap(path -> linesWith(pattern, path)).toList();
    }

    private Stream<String> linesWith(Pattern pattern, Path path) {
        List<String> lines = lines(path);
        return IntStream.range(0, lines.size())
                .filter(i -> pattern.matcher(lines.get(i)).find())
                .mapToObj(
                        i -> folder.relativize(path) + ":" + (i + 1) + ": " + lines.get(i).strip());
    }

    private Stream<Path> paths() {
        try (Stream<Path> files = Files.walk(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".java") && !isProduct(file))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private boolean isProduct(Path file) {
        return folder.relativize(file).toString().matches("(.*/)?target/.*");
    }

    private static List<String> lines(Path path) {
        try {
            return Files.readAllLines(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
