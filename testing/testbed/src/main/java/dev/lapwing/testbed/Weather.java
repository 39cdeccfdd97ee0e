// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What the links of a proxy suffer at the moment. */
final class Weather {

    private final Runnable cut;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private boolean frozen;
    private long delayNanos;
    private long bytesPerSecond;
    private long bytesUntilCut = Long.MAX_VALUE;

    Weather(Runnable cut) {
        this.cut = cut;
    }

    void clear() {
        change(() -> {
            frozen = false;
            delayNanos = 0;
            bytesPerSecond = 0;
            bytesUntilCut = Long.MAX_VALUE;
        });
    }

    void freeze(boolean wanted) {
        change(() -> frozen = wanted);
    }

    void delay(Duration delay) {
        change(() -> delayNanos = delay.toNanos());
    }

    void throttle(long wanted) {
        change(() -> bytesPerSecond = wanted);
    }

    void cutAfter(long bytes) {
        change(() -> bytesUntilCut = bytes);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** When a chunk that came just now is due, as {@link System#nanoTime}. */
    long due() {
        lock.lock();
        try {
            return System.nanoTime() + delayNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Waits while the links are frozen. */
    void awaitThaw() throws InterruptedException {
        awaitPassage(System.nanoTime());
    }

    /** Waits until a chunk may pass. */
    void awaitPassage(long due) throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                long left = delayNanos == 0 ? 0 : due - System.nanoTime();
                if (frozen) {
                    changed.await();
                } else if (left > 0) {
                    changed.await(left, TimeUnit.NANOSECONDS);
                } else {
                    return;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits as long as a throttled link takes for bytes that have just passed. */
    void awaitTransmission(int bytes) throws InterruptedException {
        lock.lock();
        try {
            long start = System.nanoTime();
            while (bytesPerSecond > 0) {
                long takes = TimeUnit.SECONDS.toNanos(bytes) / bytesPerSecond;
                long left = start + takes - System.nanoTime();
                if (left <= 0) {
                    return;
                }
                changed.await(left, TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * How many bytes of a chunk may pass at once, so that a slow link does not pass it in jumps.
     */
    int portion(int bytes) {
        lock.lock();
        try {
            return bytesPerSecond == 0
                    ? bytes
                    : (int) Math.clamp(bytesPerSecond / 20, 1, Math.max(1, bytes));
        } finally {
            lock.unlock();
        }
    }

    /** How many of the bytes may still go to the server before a cut that was ordered. */
    int takeBeforeCut(int bytes) {
        lock.lock();
        try {
            if (bytesUntilCut == Long.MAX_VALUE) {
                return bytes;
            }
            int passed = (int) Math.min(bytes, bytesUntilCut);
            bytesUntilCut -= passed;
            return passed;
        } finally {
            lock.unlock();
        }
    }

    /** Cuts if the bytes that were allowed have gone. */
    void cutIfDue() {
        boolean due;
        lock.lock();
        try {
            due = bytesUntilCut == 0;
            if (due) {
                bytesUntilCut = Long.MAX_VALUE;
            }
        } finally {
            lock.unlock();
        }
        if (due) {
            cut.run();
        }
    }
}
