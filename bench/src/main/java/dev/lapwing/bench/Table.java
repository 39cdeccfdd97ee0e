// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The rows of a run, laid out for a terminal or as Markdown. */
record Table(List<String> header, List<Row> rows) {
    static final List<String> LAPWING =
            List.of("figure", "Lapwing", "baseline", "ratio", "target", "");

    String aligned() {
        List<List<String>> lines = lines();
        int[] widths =
                IntStream.range(0, header.size()).map(column -> width(lines, column)).toArray();
        return lines.stream()
                .map(cells -> align(cells, widths))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    String markdown() {
        List<List<String>> lines = lines();
        lines.add(1, header.stream().map(_ -> "---").toList());
        return lines.stream()
                .map(cells -> "| " + String.join(" | ", cells) + " |")
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Why some rows have no figures; each reason once. */
    String reasons() {
        return rows.stream()
                .filter(Row.NotMeasured.class::isInstance)
                .map(row -> "not measured: " + ((Row.NotMeasured) row).reason() + "\n")
                .distinct()
                .collect(Collectors.joining());
    }

    private List<List<String>> lines() {
        var lines = new ArrayList<List<String>>();
        lines.add(header);
        rows.forEach(row -> lines.add(row.cells()));
        return lines;
    }

    private static int width(List<List<String>> lines, int column) {
        return lines.stream().mapToInt(cells -> cells.get(column).length()).max().orElse(0);
    }

    private static String align(List<String> cells, int[] widths) {
        return IntStream.range(0, cells.size())
                .mapToObj(column -> {
                    String padding = " ".repeat(widths[column] - cells.get(column).length());
                    boolean number = column >= 1 && column <= 3;
                    return number ? padding + cells.get(column) : cells.get(column) + padding;
                })
                .collect(Collectors.joining("  "))
                .stripTrailing();
    }
}
