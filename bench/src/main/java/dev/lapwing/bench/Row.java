// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.List;

/** One line of the table. A side without values is shown empty. */
sealed interface Row {
    /** The figure, ours, baseline, ratio, target and verdict, as printed. */
    List<String> cells();

    /** Everything that the figure needs was measured in this run; the baseline may be none. */
    record Measured(String figure, Unit unit, Samples ours, Samples baseline, Target target)
            implements Row {
        boolean met() {
            return target.met(
                    target instanceof Target.ValueAtMost || baseline.isEmpty()
                            ? ours.median()
                            : ratio());
        }

        private double ratio() {
            return ours.median() / baseline.median();
        }

        /** The ratio of the medians, and those of the pairs that were measured in turn. */
        private String printedRatio() {
            if (ours.values().size() < 2 || ours.values().size() != baseline.values().size()) {
                return Unit.significant(ratio());
            }
            Samples pairs = ours.over(baseline);
            return "%s (%s–%s)"
                    .formatted(
                            Unit.significant(ratio()),
                            Unit.significant(pairs.smallest()),
                            Unit.significant(pairs.largest()));
        }

        @Override
        public List<String> cells() {
            return List.of(
                    figure,
                    unit.format(ours),
                    unit.format(baseline),
                    baseline.isEmpty() ? "" : printedRatio(),
                    target.toString(),
                    target instanceof Target.None ? "" : met() ? "met" : "missed");
        }
    }

    /** One side, or both, could not be measured, for the reason given. */
    record NotMeasured(
            String figure, Unit unit, Samples ours, Samples baseline, Target target, String reason)
            implements Row {
        @Override
        public List<String> cells() {
            return List.of(
                    figure,
                    unit.format(ours),
                    unit.format(baseline),
                    "",
                    target.toString(),
                    "not measured");
        }
    }
}
