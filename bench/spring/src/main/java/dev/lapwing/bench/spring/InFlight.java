// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.spring;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** How many messages may be under way at once. One thread enters, any thread leaves. */
final class InFlight {
    private final int limit;
    private final AtomicLong left = new AtomicLong();
    private long entered;

    InFlight(int limit) {
        this.limit = limit;
    }

    boolean tryEnter() {
        if (entered - left.get() >= limit) {
            return false;
        }
        entered++;
        return true;
    }

    void leave() {
        left.incrementAndGet();
    }

    long left() {
        return left.get();
    }

    void awaitEmpty() {
        while (left.get() < entered) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
