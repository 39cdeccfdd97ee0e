// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Outcome;
import dev.lapwing.Retry;
import dev.lapwing.runtime.RetryPlanner.Plan;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;

class RetryPlannerTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Retry POLICY = Retry.fixed(SECOND).jitter(0).upTo(3);
    private static final Outcome.TryAgain FAILED = (Outcome.TryAgain) Outcome.retry("broken");
    private static final Outcome.TryAgain LATER =
            (Outcome.TryAgain) Outcome.retryAfter(Duration.ofHours(1));

    private static RetryPlanner planner(boolean now, boolean later, boolean counts) {
        return new RetryPlanner(POLICY, false, now, later, counts, () -> 0.5);
    }

    @Test
    void brokerMovesAMessageWithoutAKeyIfItCanWaitAndCount() {
        assertThat(planner(true, true, true).plan(FAILED, 1, false))
                .isEqualTo(new Plan.GiveBack(SECOND, true));
        assertThat(planner(true, true, false).plan(FAILED, 1, false))
                .isEqualTo(new Plan.Hold(SECOND, true));
        assertThat(planner(true, false, true).plan(FAILED, 1, false))
                .isEqualTo(new Plan.Hold(SECOND, true));
    }

    @Test
    void keyStaysHere() {
        assertThat(planner(true, true, true).plan(FAILED, 1, true))
                .isEqualTo(new Plan.Hold(SECOND, true));
        assertThat(planner(true, true, true).plan(LATER, 1, true))
                .isEqualTo(new Plan.Hold(Duration.ofHours(1), false));
    }

    @Test
    void laterNeedsNoCountAndSpendsNoAttempt() {
        assertThat(planner(true, true, false).plan(LATER, 3, false))
                .isEqualTo(new Plan.GiveBack(Duration.ofHours(1), false));
        assertThat(planner(true, true, true).plan(FAILED, 3, false))
                .isEqualTo(new Plan.Bury("broken"));
        assertThat(planner(true, true, true).plan(FAILED, 9, true))
                .isEqualTo(new Plan.Bury("broken"));
    }

    @Test
    void atMostOnceTriesNothingAgain() {
        var planner = new RetryPlanner(POLICY, true, true, true, true, () -> 0.5);
        assertThat(planner.plan(FAILED, 1, false)).isEqualTo(new Plan.Drop());
        assertThat(planner.plan(LATER, 1, true)).isEqualTo(new Plan.Drop());
    }

    @Test
    void idsAreUniqueAndInTheOrderOfTime() {
        var early = new MessageIds(Clock.fixed(Instant.EPOCH.plusMillis(77), ZoneOffset.UTC), -1L);
        var late = new MessageIds(Clock.fixed(Instant.EPOCH.plusMillis(78), ZoneOffset.UTC), 5L);
        Set<String> all = new HashSet<>();
        String before = "";
        for (int count = 0; count < 10_000; count++) {
            String id = early.next();
            assertThat(id).hasSize(26).isGreaterThan(before).isLessThan(late.next());
            assertThat(all.add(id)).isTrue();
            before = id;
        }
    }
}
