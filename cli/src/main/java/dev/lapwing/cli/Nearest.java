// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody meant who mistyped a word. */
final class Nearest {
    private Nearest() {}

    /** The known word that is the fewest keystrokes away, if it is at most three. */
    static Optional<String> to(String word, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(word, name) <= Math.min(3, name.length() / 2))
                .min(Comparator.comparingInt(name -> distance(word, name)));
    }

    /** Levenshtein's distance. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int column = 0; column < row.length; column++) {
            row[column] = column;
        }
        for (int at = 1; at <= one.length(); at++) {
            int diagonal = row[0];
            row[0] = at;
            for (int column = 1; column < row.length; column++) {
                int swap = diagonal + (one.charAt(at - 1) == other.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(swap, 1 + Math.min(row[column], row[column - 1]));
            }
        }
        return row[other.length()];
    }
}
