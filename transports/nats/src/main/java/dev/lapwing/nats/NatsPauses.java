// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Waits between two attempts. */
final class NatsPauses {

    private static final long FIRST_MILLIS = 50;
    private static final long LONGEST_MILLIS = 2_000;

    private NatsPauses() {}

    /** A pause that is longer with each round, up to 2 s, with jitter. */
    static Duration backOff(long round) {
        long most = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(round, 10));
        return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
    }

    /**
     * Waits this long.
     *
     * @throws LapwingException if the thread is interrupted
     */
    static void sleep(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = until - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new LapwingException("The thread was interrupted while it waited for NATS");
            }
            LockSupport.parkNanos(left);
        }
    }
}
