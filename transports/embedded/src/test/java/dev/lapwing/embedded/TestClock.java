// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.LogClock;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Clocks that stand still until a test moves them: the wall clock alone, or both. */
final class TestClock implements LogClock {
    private final AtomicLong wall = new AtomicLong(1_700_000_000_000L);
    private final AtomicLong nanos = new AtomicLong();

    @Override
    public long wallMillis() {
        return wall.get();
    }

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    /** Lets time pass. */
    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
        wall.addAndGet(time.toMillis());
    }

    /** Sets the wall clock forward or back. */
    void jump(Duration distance) {
        wall.addAndGet(distance.toMillis());
    }
}
