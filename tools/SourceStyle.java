// SPDX-License-Identifier: Apache-2.0

import com.google.googlejavaformat.java.Main;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The style of every Java source in the tree: licence header and google-java-format's AOSP layout.
 *
 * <p>{@code check} names each file that deviates and ends with status 1; {@code format} mends it.
 * Only files changed since the last success are read, which a stamp in {@code target} remembers.
 */
final class SourceStyle {
    private static final String HEADER = "// SPDX-License-Identifier: Apache-2.0";
    private static final Path STAMP = Path.of("target", "source-style.stamp");
    private static final Set<String> FOREIGN = Set.of("target", "node_modules");

    public static void main(String[] args) throws IOException {
        boolean mend = args[0].equals("format");
        Instant start = Instant.now();
        List<Path> sources = changedSources();
        List<Path> headless = sources.stream().filter(SourceStyle::lacksHeader).toList();
        if (mend) {
            headless.forEach(SourceStyle::addHeader);
            // Once more than seems needed: a string split now is indented when next seen.
            format(sources, true);
        }
        List<String> misformatted = format(sources, mend);
        if (!mend && !(headless.isEmpty() && misformatted.isEmpty())) {
            headless.forEach(path -> complain(path + ": first line is not " + HEADER));
            misformatted.forEach(path -> complain(path + ": not formatted"));
            complain("Run ./format to mend them.");
            System.exit(1);
        }
        Files.createDirectories(STAMP.getParent());
        Files.writeString(STAMP, "");
        Files.setLastModifiedTime(STAMP, FileTime.from(start));
    }

    /** Speaks as Maven does, whose output this becomes a part of. */
    private static void complain(String text) {
        System.err.println("[ERROR] " + text);
    }

    /** Formats in place, or only tells which files would change. */
    private static List<String> format(List<Path> sources, boolean mend) {
        if (sources.isEmpty()) {
            return List.of();
        }
        var changed = new StringWriter();
        List<String> options =
                mend ? List.of("--aosp", "--replace") : List.of("--aosp", "--dry-run");
        var main = new Main(new PrintWriter(changed), new PrintWriter(System.err, true), System.in);
        try {
            int status =
                    main.format(
                            Stream.concat(options.stream(), sources.stream().map(Path::toString))
                                    .toArray(String[]::new));
            if (status != 0) {
                System.exit(status);
            }
        } catch (Exception unusable) {
            throw new IllegalStateException("google-java-format could not run", unusable);
        }
        return changed.toString().lines().toList();
    }

    private static List<Path> changedSources() throws IOException {
        FileTime checked =
                Files.exists(STAMP) ? Files.getLastModifiedTime(STAMP) : FileTime.fromMillis(0);
        List<Path> sources = new ArrayList<>();
        Files.walkFileTree(
                Path.of(""),
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes attributes) {
                        String name = directory.getFileName().toString();
                        return name.startsWith(".") || FOREIGN.contains(name)
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        if (file.toString().endsWith(".java")
                                && attributes.lastModifiedTime().compareTo(checked) >= 0) {
                            sources.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        return sources;
    }

    private static boolean lacksHeader(Path source) {
        try (Stream<String> lines = Files.lines(source)) {
            return !lines.findFirst().orElse("").equals(HEADER);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static void addHeader(Path source) {
        try {
            Files.writeString(source, HEADER + "\n" + Files.readString(source));
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
