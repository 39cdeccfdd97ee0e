// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

final class TableTest {
    private static final Samples OURS = new Samples(List.of(30_000.0, 10_000.0, 20_000.0));
    private static final Samples BASELINE = new Samples(List.of(40_000.0));

    @Test
    void ratioIsThatOfTheMedians() {
        var row =
                new Row.Measured(
                        "f", Unit.PER_SECOND, OURS, BASELINE, new Target.RatioAtLeast(0.5));

        assertThat(row.cells())
                .containsExactly("f", "20.0k/s (10.0k–30.0k)", "40.0k/s", "0.50", "≥ 0.50", "met");
    }

    @Test
    void ratioBelowItsTargetIsMissed() {
        var row =
                new Row.Measured(
                        "f", Unit.PER_SECOND, OURS, BASELINE, new Target.RatioAtLeast(0.6));

        assertThat(row.met()).isFalse();
    }

    @Test
    void boundOnTheValueJudgesTheValueWhateverTheBaseline() {
        var target = new Target.ValueAtMost(8, Unit.KIBIBYTES);
        var ours = new Samples(List.of(8.5));
        var row = new Row.Measured("f", Unit.KIBIBYTES, ours, new Samples(List.of(9.0)), target);

        assertThat(row.cells()).endsWith("≤ 8.00 KiB", "missed");
    }

    @Test
    void rowThatWasNotMeasuredShowsTheSideThatWasAndTheReason() {
        var row =
                new Row.NotMeasured(
                        "f",
                        Unit.PER_SECOND,
                        OURS,
                        Samples.NONE,
                        new Target.RatioAtLeast(2),
                        "nginx is missing: apt install nginx");
        var table = new Table(Table.LAPWING, List.of(row, row));

        assertThat(table.aligned()).contains("20.0k/s").contains("not measured");
        assertThat(table.reasons())
                .isEqualTo("not measured: nginx is missing: apt install nginx\n");
    }

    @Test
    void columnsOfNumbersAreAlignedToTheRight() {
        var row =
                new Row.Measured("figure", Unit.SECONDS, BASELINE, Samples.NONE, new Target.None());

        assertThat(new Table(List.of("a", "longer than", "", "", "", ""), List.of(row)).aligned())
                .isEqualTo("a       longer than\nfigure      40.0k s\n");
    }
}
