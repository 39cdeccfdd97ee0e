// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.Log;
import dev.lapwing.log.LogClock;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * The time that leases, delays, times to live and the window of deduplication go by: the log's own
 * clock, which jumps of the wall clock do not touch. It goes as soon as the log is open.
 */
final class EngineClock {
    private final LogClock clocks;
    private volatile @Nullable Log log;

    EngineClock(LogClock clocks) {
        this.clocks = clocks;
    }

    void start(Log open) {
        log = open;
    }

    /** Milliseconds by the log's own clock. */
    long now() {
        return Objects.requireNonNull(log).millis();
    }

    /** Milliseconds since 1970 by the wall clock. */
    long wall() {
        return clocks.wallMillis();
    }
}
