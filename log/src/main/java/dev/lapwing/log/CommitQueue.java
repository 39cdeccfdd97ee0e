// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * The appends on their way to the writer thread: a lock-free list through {@link Append#next},
 * newest first, which the writer takes whole and turns round. Bounded in bytes.
 */
final class CommitQueue {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(CommitQueue.class, "head", Append.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final long maxBytes;
    private final AtomicLong bytes = new AtomicLong();
    private final Append closed;
    private volatile @Nullable Append head;
    private volatile @Nullable Thread parked;

    CommitQueue(long maxBytes, LogStream control) {
        this.maxBytes = maxBytes;
        this.closed = new Closed(control);
    }

    /** Adds a list linked from newest to oldest, of so many bytes together. */
    Admission push(Append newest, Append oldest, long size) {
        long waiting = bytes.addAndGet(size);
        if (waiting > maxBytes && waiting > size) {
            bytes.addAndGet(-size);
            return Admission.BACKLOG_FULL;
        }
        return link(newest, oldest) ? Admission.ACCEPTED : closed(size);
    }

    /** Adds one of the log's own, which the bound does not hold for. */
    Admission pushOwn(Append append) {
        bytes.addAndGet(append.groupBytes);
        return link(append, append) ? Admission.ACCEPTED : closed(append.groupBytes);
    }

    private Admission closed(long size) {
        bytes.addAndGet(-size);
        return Admission.CLOSED;
    }

    private boolean link(Append newest, Append oldest) {
        Append before;
        do {
            before = head;
            if (before == closed) {
                return false;
            }
            oldest.next = before;
        } while (!HEAD.compareAndSet(this, before, newest));
        if (before == null) {
            wake();
        }
        return true;
    }

    /** Takes everything, oldest first, or null when there is nothing. */
    @Nullable Append takeAll() {
        var newest = head;
        return newest == null || newest == closed
                ? null
                : reversed((Append) HEAD.getAndSet(this, null));
    }

    /** Takes everything and lets nothing more in. */
    @Nullable Append close() {
        var last = (Append) HEAD.getAndSet(this, closed);
        return last == closed ? null : reversed(last);
    }

    private static @Nullable Append reversed(@Nullable Append newest) {
        Append oldest = null;
        for (Append at = newest; at != null; ) {
            Append older = at.next;
            at.next = oldest;
            oldest = at;
            at = older;
        }
        return oldest;
    }

    /** Gives room back for appends that are done with. */
    void release(long size) {
        bytes.addAndGet(-size);
    }

    boolean isEmpty() {
        return head == null;
    }

    long bytes() {
        return bytes.get();
    }

    /** Lets the writer sleep until something comes, or the time is over; 0 is for ever. */
    void await(long nanos) {
        parked = Thread.currentThread();
        if (head == null) {
            if (nanos == 0) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, nanos);
            }
        }
        parked = null;
    }

    /** Wakes the writer if it sleeps. */
    void wake() {
        var sleeper = parked;
        if (sleeper != null) {
            LockSupport.unpark(sleeper);
        }
    }

    /** Stands at the head of a closed queue. */
    private static final class Closed extends Append {
        Closed(LogStream control) {
            super(control);
        }

        @Override
        protected int encodedSize() {
            return 0;
        }

        @Override
        protected void encodeTo(ByteBuffer target) {}

        @Override
        protected void stored(long position) {}

        @Override
        protected void failed(LogFailure failure) {}
    }
}
