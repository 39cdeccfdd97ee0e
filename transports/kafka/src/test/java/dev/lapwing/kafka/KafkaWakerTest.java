// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicInteger;

class KafkaWakerTest {

    /** A wake that cut short the taking over of a partition left it unread for ever. */
    @Test
    void wakeWithinAnUndisturbedPartComesBehindIt() {
        var wakes = new AtomicInteger();
        var waker = new KafkaWaker(wakes::incrementAndGet);
        waker.begin();
        waker.calling(() -> {
            waker.undisturbed(() -> {
                waker.wake();
                assertThat(wakes).hasValue(0);
            });
            assertThat(wakes).hasValue(1);
            return true;
        });
    }

    @Test
    void wakeOutsideOfACallWakesNothing() {
        var wakes = new AtomicInteger();
        var waker = new KafkaWaker(wakes::incrementAndGet);
        waker.begin();
        waker.undisturbed(waker::wake);
        assertThat(wakes).hasValue(0);
    }
}
