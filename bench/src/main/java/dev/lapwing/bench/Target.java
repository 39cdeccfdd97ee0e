// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

/** What a figure should be: a bound on the ratio to its baseline, or on the value itself. */
sealed interface Target {
    boolean met(double judged);

    /** At least this many times the baseline. */
    record RatioAtLeast(double bound) implements Target {
        @Override
        public boolean met(double judged) {
            return judged >= bound;
        }

        @Override
        public String toString() {
            return "≥ " + Unit.significant(bound);
        }
    }

    /** At most this many times the baseline. */
    record RatioAtMost(double bound) implements Target {
        @Override
        public boolean met(double judged) {
            return judged <= bound;
        }

        @Override
        public String toString() {
            return "≤ " + Unit.significant(bound);
        }
    }

    /** At most this much, whatever the baseline. */
    record ValueAtMost(double bound, Unit unit) implements Target {
        @Override
        public boolean met(double judged) {
            return judged <= bound;
        }

        @Override
        public String toString() {
            return "≤ " + unit.format(bound);
        }
    }

    /** No target: the row is shown for comparison. */
    record None() implements Target {
        @Override
        public boolean met(double judged) {
            return true;
        }

        @Override
        public String toString() {
            return "";
        }
    }
}
