// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Collects the values of a suite, by side and figure, repetition by repetition. A side that fails
 * once is left out from then on, and its rows say why.
 */
final class Comparison {
    private record Cell(String side, String figure) {}

    private final Map<Cell, Samples> samples = new HashMap<>();
    private final Map<String, String> failures = new HashMap<>();

    /** One measurement of one side. */
    interface Measurement {
        void take() throws IOException, InterruptedException;
    }

    void attempt(String side, Measurement measurement) throws InterruptedException {
        if (failures.containsKey(side)) {
            return;
        }
        try {
            measurement.take();
        } catch (BenchmarkFailure | IOException e) {
            failures.put(side, String.valueOf(e.getMessage()));
        }
    }

    void add(String side, String figure, double value) {
        samples.merge(
                new Cell(side, figure), Samples.NONE.with(value), (old, _) -> old.with(value));
    }

    /** Ours beside a baseline. */
    Row row(String title, Unit unit, String figure, String ours, String baseline, Target target) {
        return row(title, unit, new Cell(ours, figure), new Cell(baseline, figure), target);
    }

    /** One figure of one side beside another figure of the same side. */
    Row rowWithin(
            String title, Unit unit, String side, String figure, String other, Target target) {
        return row(title, unit, new Cell(side, figure), new Cell(side, other), target);
    }

    /** A figure without a baseline. */
    Row rowAlone(String title, Unit unit, String figure, String ours, Target target) {
        Samples values = of(new Cell(ours, figure));
        return values.isEmpty()
                ? new Row.NotMeasured(title, unit, values, Samples.NONE, target, reason(ours))
                : new Row.Measured(title, unit, values, Samples.NONE, target);
    }

    private Row row(String title, Unit unit, Cell ours, Cell baseline, Target target) {
        Samples left = of(ours);
        Samples right = of(baseline);
        if (!left.isEmpty() && !right.isEmpty()) {
            return new Row.Measured(title, unit, left, right, target);
        }
        String reason = reason(left.isEmpty() ? ours.side() : baseline.side());
        return new Row.NotMeasured(title, unit, left, right, target, reason);
    }

    private Samples of(Cell cell) {
        return samples.getOrDefault(cell, Samples.NONE);
    }

    private String reason(String side) {
        return failures.getOrDefault(side, side + " did not run");
    }
}
