// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import java.time.Duration;

/**
 * The time that a connection waits by. One for each connection, shared by everything that waits for
 * later; a test brings its own and moves it by hand.
 */
interface Timers extends AutoCloseable {

    /** The most that is waited for: 73 years. */
    long FOR_EVER = Long.MAX_VALUE >> 2;

    /** A duration in nanoseconds, at most {@link #FOR_EVER}. */
    static long nanos(Duration duration) {
        return duration.compareTo(Duration.ofNanos(FOR_EVER)) < 0 ? duration.toNanos() : FOR_EVER;
    }

    /** A growing count of nanoseconds, comparable only with itself. */
    long nanoTime();

    /**
     * Runs a task once, after so many nanoseconds, on a thread of this connection. The task returns
     * at once.
     */
    void after(long nanos, Runnable task);

    /** Forgets what has not run yet, and takes nothing more. */
    @Override
    void close();
}
