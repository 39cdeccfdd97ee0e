// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits between two attempts. */
final class NatsPauses {

    private NatsPauses() {}

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
