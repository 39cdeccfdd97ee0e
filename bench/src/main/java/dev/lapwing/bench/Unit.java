// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.Locale;

/** What a figure counts, and how a value of it is printed. */
enum Unit {
    PER_SECOND("/s"),
    MILLISECONDS(" ms"),
    SECONDS(" s"),
    KIBIBYTES(" KiB"),
    MICROSECONDS(" µs");

    private final String suffix;

    Unit(String suffix) {
        this.suffix = suffix;
    }

    String format(double value) {
        if (value >= 1e6) {
            return significant(value / 1e6) + "M" + suffix;
        }
        return value >= 1e4 ? significant(value / 1e3) + "k" + suffix : significant(value) + suffix;
    }

    String format(Samples samples) {
        if (samples.isEmpty()) {
            return "";
        }
        return samples.values().size() == 1
                ? format(samples.median())
                : "%s (%s–%s)"
                        .formatted(
                                format(samples.median()),
                                format(samples.smallest()).replace(suffix, ""),
                                format(samples.largest()).replace(suffix, ""));
    }

    static String significant(double value) {
        int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
