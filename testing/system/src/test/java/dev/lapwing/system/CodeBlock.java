// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One fenced block of a Markdown file.
 *
 * @param document the file, relative to the repository
 * @param line the number of its first line, counted from 1
 * @param language the word after the fence, empty if there is none
 * @param text its lines without the fence's own indentation, each ended by a line feed
 */
record CodeBlock(Path document, int line, String language, String text) {
    private static final Pattern FENCE = Pattern.compile("( *)(```+|~~~+) *([^ `]*).*");

    /** The repository that these tests run in. */
    static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /**
     * The blocks in {@code language} of every document in the repository, in the order of reading.
     */
    static List<CodeBlock> inAllDocuments(String language) throws IOException {
        Path repository = repository();
        List<CodeBlock> blocks = new ArrayList<>();
        for (Path document : documents(repository)) {
            String text = Files.readString(repository.resolve(document));
            blocks.addAll(in(document, text));
        }
        return blocks.stream().filter(block -> block.language.equals(language)).toList();
    }

    /** Every block of one document. A fence that is never closed ends with the document. */
    static List<CodeBlock> in(Path document, String text) {
        List<String> lines = text.lines().toList();
        List<CodeBlock> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher fence = FENCE.matcher(lines.get(i));
            if (fence.matches()) {
                int first = i + 1;
                int end = first;
                while (end < lines.size() && !closes(lines.get(end), fence.group(2))) {
                    end++;
                }
                int indent = fence.group(1).length();
                StringBuilder content = new StringBuilder();
                lines.subList(first, end)
                        .forEach(line -> content.append(dedent(line, indent)).append('\n'));
                blocks.add(new CodeBlock(document, first + 1, fence.group(3), content.toString()));
                i = end;
            }
        }
        return blocks;
    }

    @Override
    public String toString() {
        return document + ":" + line;
    }

    private static List<Path> documents(Path repository) throws IOException {
        try (Stream<Path> files = Files.walk(repository)) {
            return files.map(repository::relativize)
                    .filter(file -> file.toString().endsWith(".md"))
                    .filter(file ->
                            !file.toString().matches("(.*/)?(target|node_modules|\\..*)/.*"))
                    .sorted(Comparator.comparingInt(Path::getNameCount).thenComparing(file -> file))
                    .toList();
        }
    }

    private static boolean closes(String line, String fence) {
        String stripped = line.strip();
        return stripped.startsWith(fence) && stripped.chars().allMatch(c -> c == fence.charAt(0));
    }

    private static String dedent(String line, int indent) {
        int blank = 0;
        while (blank < Math.min(indent, line.length()) && line.charAt(blank) == ' ') {
            blank++;
        }
        return line.substring(blank);
    }
}
