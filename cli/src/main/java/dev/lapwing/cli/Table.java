// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Rows under aligned headings. One thread uses it. */
final class Table {

    private final List<Boolean> toTheRight = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    private Table() {
        rows.add(new ArrayList<>());
    }

    /** A table whose columns stand to the left where their heading begins with "&lt;". */
    static Table withColumns(String... headings) {
        var table = new Table();
        for (String heading : headings) {
            table.rows.getFirst().add(heading.substring(1));
            table.toTheRight.add(heading.startsWith(">"));
        }
        return table;
    }

    /** Adds a row; an empty optional is a dash. */
    void row(Object... cells) {
        rows.add(Arrays.stream(cells).map(Table::text).toList());
    }

    private static String text(Object cell) {
        return cell instanceof Optional<?> optional
                ? optional.map(Object::toString).orElse("-")
                : cell.toString();
    }

    void print(PrintWriter out) {
        int[] widths =
                IntStream.range(0, toTheRight.size())
                        .map(column ->
                                rows.stream()
                                        .mapToInt(row -> width(row.get(column)))
                                        .max()
                                        .orElse(0))
                        .toArray();
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                String space = " ".repeat(widths[column] - width(cell));
                line.append(column == 0 ? "" : "  ")
                        .append(toTheRight.get(column) ? space + cell : cell + space);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    /** How many columns of a terminal a text takes: wide characters, as of Chinese, take two. */
    private static int width(String text) {
        return text.codePoints().map(Table::width).sum();
    }

    private static int width(int c) {
        if (Character.getType(c) == Character.NON_SPACING_MARK) {
            return 0;
        }
        boolean wide =
                Character.isIdeographic(c)
                        || Character.UnicodeScript.of(c) == Character.UnicodeScript.HANGUL
                        || Character.UnicodeScript.of(c) == Character.UnicodeScript.HIRAGANA
                        || Character.UnicodeScript.of(c) == Character.UnicodeScript.KATAKANA
                        || Character.isEmojiPresentation(c)
                        || c >= 0xff01 && c <= 0xff60;
        return wide ? 2 : 1;
    }
}
