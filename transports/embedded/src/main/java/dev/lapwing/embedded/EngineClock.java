// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.LogClock;

/**
 * The engine's own time, in milliseconds, by which leases, delays, times to live and the window of
 * deduplication go. While the engine runs it follows the monotonic clock, so that jumps of the wall
 * clock do not touch it; of the time between two runs, which only the wall clock knows, at most a
 * day counts, and never less than nothing.
 */
final class EngineClock {
    static final long LONGEST_ABSENCE = 24 * 60 * 60 * 1000L;

    private final LogClock clock;
    private volatile long base;

    EngineClock(LogClock clock) {
        this.clock = clock;
        base = clock.wallMillis() - clock.nanoTime() / 1_000_000;
    }

    /** Goes on from what an earlier run had last. */
    void resume(StateRecord.ClockMark last) {
        long absence = Math.clamp(clock.wallMillis() - last.wall(), 0, LONGEST_ABSENCE);
        base = last.engine() + absence - clock.nanoTime() / 1_000_000;
    }

    long now() {
        return base + clock.nanoTime() / 1_000_000;
    }

    long wall() {
        return clock.wallMillis();
    }

    StateRecord.ClockMark mark(boolean clean) {
        return new StateRecord.ClockMark(now(), wall(), clean);
    }
}
