// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A stretch of time during which a load runs by itself and this thread has nothing to do. */
final class Period {
    private Period() {}

    static void ofSeconds(double seconds) throws InterruptedException {
        var never = new CountDownLatch(1);
        boolean ended = never.await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        assert !ended;
    }
}
