// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How many messages may be under way at once. One thread enters, any thread leaves. Who waits is
 * woken when a quarter of the window is free, so that no confirmation costs a wake-up.
 */
final class Window {
    private final int limit;
    private final AtomicLong left = new AtomicLong();
    private long entered;
    private volatile long wakeAt = Long.MAX_VALUE;
    private volatile @Nullable Thread waiting;

    Window(int limit) {
        this.limit = limit;
    }

    /** Enters, flushing and then waiting when there is no room. */
    void enter(Outlet outlet) {
        if (entered - left.get() >= limit) {
            outlet.flush();
            awaitAtMost(limit - Math.max(1, limit / 4));
        }
        entered++;
    }

    void leave(long messages) {
        if (left.addAndGet(messages) >= wakeAt) {
            LockSupport.unpark(waiting);
        }
    }

    /** How many have left, in all. */
    long left() {
        return left.get();
    }

    /** Waits until everything that has entered has left. */
    void awaitEmpty() {
        awaitAtMost(0);
    }

    private void awaitAtMost(int under) {
        waiting = Thread.currentThread();
        wakeAt = entered - under;
        while (left.get() < wakeAt) {
            LockSupport.park(this);
        }
        wakeAt = Long.MAX_VALUE;
    }
}
