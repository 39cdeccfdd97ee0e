// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps a fan-out from running away from its subscribers. A topic is read from the disk much faster
 * than sockets take it, so while most subscribers are busy with what they have, the next burst
 * waits: a subscriber is slow only when it lags behind the others, or does not move for a while. A
 * few slow ones make nobody wait.
 */
final class Pace {
    private static final long PATIENCE_MILLIS = 2000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition relief = lock.newCondition();
    private int subscribers;
    private int congested;
    private boolean outOfPatience;

    void subscribers(int change) {
        change(change, 0);
    }

    void congested(int change) {
        change(0, change);
    }

    private void change(int toSubscribers, int toCongested) {
        lock.lock();
        try {
            subscribers += toSubscribers;
            congested += toCongested;
            if (!isCongested()) {
                outOfPatience = false;
                relief.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isCongested() {
        return congested * 2 > subscribers;
    }

    /** Waits until most subscribers can take more, but not for ever. */
    void awaitTurn() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
            while (isCongested() && !outOfPatience) {
                left = relief.awaitNanos(left);
                outOfPatience = left <= 0 && isCongested();
            }
        } finally {
            lock.unlock();
        }
    }
}
