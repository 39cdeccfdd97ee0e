// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One side's values of a figure, one per repetition, in the order in which they were taken. */
record Samples(List<Double> values) {
    static final Samples NONE = new Samples(List.of());

    Samples {
        values = List.copyOf(values);
    }

    Samples with(double value) {
        return new Samples(Stream.concat(values.stream(), Stream.of(value)).toList());
    }

    /** Each of these by the one that was taken in its turn; there are as many of both. */
    Samples over(Samples others) {
        return new Samples(
                IntStream.range(0, values.size())
                        .mapToObj(at -> values.get(at) / others.values.get(at))
                        .toList());
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    double median() {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    double smallest() {
        return values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    double largest() {
        return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }
}
