// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.time.Duration;

/**
 * The clock that ages go by: milliseconds that advance with the monotonic clock while the log is
 * open, so that jumps of the wall clock do not matter. Between two runs it advances by what the
 * wall clock says, but by no more than a day and never back: a wall clock that is years ahead at a
 * start must not make everything look old enough to be given up.
 */
final class LogTime {
    private static final long MAX_STOPPED = Duration.ofDays(1).toMillis();

    private final LogClock clock;
    private final long base;
    private final long start;

    /** Goes on from the last time of the run before. */
    LogTime(LogClock clock, long lastLogTime, long lastWall) {
        this.clock = clock;
        this.start = clock.nanoTime();
        long stopped = clock.wallMillis() - lastWall;
        this.base = lastLogTime + Math.clamp(stopped, 0, MAX_STOPPED);
    }

    /** Begins for a new log. */
    LogTime(LogClock clock) {
        this.clock = clock;
        this.start = clock.nanoTime();
        this.base = clock.wallMillis();
    }

    long now() {
        return base + (clock.nanoTime() - start) / 1_000_000;
    }

    long wall() {
        return clock.wallMillis();
    }

    long nanoTime() {
        return clock.nanoTime();
    }
}
