// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.ConnectOptions;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What was sent and has no result: how much of it there may be, and a table to look through for
 * what takes too long. Safe for use by many threads.
 *
 * <p>Entering and leaving take one atomic step each on the count and on the table; the lock is for
 * those alone who wait for room.
 */
final class InFlight {
    private static final int COUNT_SHIFT = 40;
    private static final long ONE = 1L << COUNT_SHIFT;
    private static final long BYTES = ONE - 1;
    private static final int MOST_MESSAGES = 1 << 20;

    private final int maxMessages;
    private final long maxBytes;

    /** Messages in the upper 24 bits, their bytes in the lower 40. */
    private final AtomicLong inside = new AtomicLong();

    private final AtomicReferenceArray<Publication> table;
    private final AtomicInteger ticket = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private volatile int waiting;

    InFlight(ConnectOptions options) {
        maxMessages = Math.min(options.maxInFlightMessages(), MOST_MESSAGES);
        maxBytes = Math.min(options.maxInFlightBytes(), BYTES >> 1);
        table = new AtomicReferenceArray<>(powerOfTwo(maxMessages));
    }

    private static int powerOfTwo(int least) {
        return least == 1 ? 1 : Integer.highestOneBit(least - 1) << 1;
    }

    /** How many messages have no result. */
    int messages() {
        return (int) (inside.get() >>> COUNT_SHIFT);
    }

    /** Lets a payload in if there is room; one message is always let in. */
    boolean tryEnter(int bytes) {
        while (true) {
            long now = inside.get();
            long count = now >>> COUNT_SHIFT;
            if (count >= maxMessages || (count > 0 && (now & BYTES) + bytes > maxBytes)) {
                return false;
            }
            if (inside.compareAndSet(now, now + ONE + bytes)) {
                return true;
            }
        }
    }

    /** Lets a payload in, waiting for room at most so long; false if there was none. */
    boolean enter(int bytes, long nanos) throws InterruptedException {
        if (tryEnter(bytes)) {
            return true;
        }
        lock.lockInterruptibly();
        try {
            waiting++;
            long left = nanos;
            while (!tryEnter(bytes)) {
                if (left <= 0) {
                    return false;
                }
                left = room.awaitNanos(left);
            }
            return true;
        } finally {
            waiting--;
            lock.unlock();
        }
    }

    /** Lets a payload in beyond the limits: what the runtime itself sends, to lose nothing. */
    void enterAnyway(int bytes) {
        inside.addAndGet(ONE + bytes);
    }

    /** Lets a payload out. */
    void leave(int bytes) {
        long now = inside.addAndGet(-ONE - bytes);
        if (waiting > 0 && isRoomy(now)) {
            lock.lock();
            try {
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Whether waking is worth it: one place would wake everybody for each message. */
    private boolean isRoomy(long now) {
        return now >>> COUNT_SHIFT <= maxMessages - maxMessages / 4
                && (now & BYTES) <= maxBytes - maxBytes / 4;
    }

    /** Notes a publication that has entered; its place is its own until it is removed. */
    int put(Publication publication) {
        int mask = table.length() - 1;
        int place = ticket.getAndIncrement() & mask;
        while (!table.compareAndSet(place, null, publication)) {
            place = (place + 1) & mask;
        }
        return place;
    }

    /** Takes a publication from its place; false if it was taken before. */
    boolean remove(int place, Publication publication) {
        return table.compareAndSet(place, publication, null);
    }

    /** Looks at everything that is noted. */
    void forEach(Consumer<Publication> look) {
        for (int place = 0; place < table.length(); place++) {
            Publication publication = table.get(place);
            if (publication != null) {
                look.accept(publication);
            }
        }
    }

    /** Waits until nothing is in flight; false if the time was over before. */
    boolean awaitNone(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            waiting++;
            long left = nanos;
            while (messages() > 0 && left > 0) {
                left = room.awaitNanos(left);
            }
            return messages() == 0;
        } finally {
            waiting--;
            lock.unlock();
        }
    }
}
