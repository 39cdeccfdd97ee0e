// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

class RetryTest {

    @Test
    void pausesFollowTheirShape() {
        assertThat(pauses(Retry.fixed(ofMillis(10)))).containsExactly(ms(10, 10, 10, 10));
        assertThat(pauses(Retry.linear(ofMillis(10)))).containsExactly(ms(10, 20, 30, 40));
        assertThat(pauses(Retry.exponential(ofMillis(10)))).containsExactly(ms(10, 20, 40, 80));
    }

    @Test
    void pausesStopGrowingAtTheLongest() {
        var retry = Retry.exponential(ofMillis(10)).longestPause(ofMillis(25));
        assertThat(pauses(retry)).containsExactly(ms(10, 20, 25, 25));
        assertThat(retry.jitter(0).pauseAfter(Integer.MAX_VALUE)).isEqualTo(ofMillis(25));
        assertThat(Retry.exponential(ofSeconds(1)).jitter(0).pauseAfter(1_000_000))
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void jitterSpreadsPausesOnBothSides() {
        var retry = Retry.fixed(ofMillis(100)).jitter(0.5);
        assertThat(retry.pauseAfter(1, () -> 0.0)).isEqualTo(ofMillis(50));
        assertThat(retry.pauseAfter(1, () -> 0.5)).isEqualTo(ofMillis(100));
        assertThat(retry.pauseAfter(1, () -> 0.999999)).isBetween(ofMillis(149), ofMillis(150));
    }

    @Test
    void attemptsAreLimited() {
        assertThat(Retry.fixed(ofMillis(1)).allowsAfter(4)).isTrue();
        assertThat(Retry.fixed(ofMillis(1)).allowsAfter(5)).isFalse();
        assertThat(Retry.never().allowsAfter(1)).isFalse();
        assertThat(Retry.fixed(ofMillis(1)).forever().allowsAfter(1_000_000)).isTrue();
    }

    @Test
    void badValuesAreRefusedWithTheirRange() {
        assertThatThrownBy(() -> Retry.fixed(ofMillis(-1))).hasMessageContaining("not be negative");
        assertThatThrownBy(() -> Retry.never().upTo(0)).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> Retry.never().jitter(1.5)).hasMessageContaining("0 to 1");
        assertThatThrownBy(() -> Retry.fixed(ofSeconds(2)).longestPause(ofSeconds(1)))
                .hasMessageContaining("at least the first pause");
    }

    private static List<Duration> pauses(Retry retry) {
        return IntStream.rangeClosed(1, 4).mapToObj(retry.jitter(0)::pauseAfter).toList();
    }

    private static Duration[] ms(int... values) {
        return IntStream.of(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }
}
