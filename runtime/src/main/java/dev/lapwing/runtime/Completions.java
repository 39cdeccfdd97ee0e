// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The one thread of a connection that completes users' futures, so that what depends on them never
 * runs on a transport's thread. It takes whatever has gathered at once. It starts with the first
 * future and keeps no program alive.
 */
final class Completions implements AutoCloseable {
    private final AtomicReference<@Nullable FuturePublish> finished = new AtomicReference<>();
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /** Takes a finished publish; returns at once. */
    void add(FuturePublish publish) {
        FuturePublish before;
        do {
            before = finished.get();
            publish.next = before;
        } while (!finished.compareAndSet(before, publish));
        if (before == null) {
            wake();
        }
    }

    private void wake() {
        if (closed) {
            Thread.startVirtualThread(this::run);
            return;
        }
        Thread running = thread;
        LockSupport.unpark(running != null ? running : start());
    }

    private synchronized Thread start() {
        Thread running = thread;
        if (running == null) {
            running = Thread.ofPlatform().daemon().name("lapwing-completions").unstarted(this::run);
            thread = running;
            running.start();
        }
        return running;
    }

    private void run() {
        boolean yielded = false;
        while (true) {
            FuturePublish last = finished.getAndSet(null);
            if (last != null) {
                tellAll(inOrder(last));
                yielded = false;
            } else if (closed) {
                return;
            } else if (!yielded) {
                // Transports tell many results in a row: more will have gathered after this, and
                // each of them would wake a parked thread.
                Thread.yield();
                yielded = true;
            } else {
                LockSupport.park(this);
                yielded = false;
            }
        }
    }

    private static FuturePublish inOrder(FuturePublish last) {
        FuturePublish first = last;
        FuturePublish rest = last.next;
        last.next = null;
        while (rest != null) {
            FuturePublish before = rest.next;
            rest.next = first;
            first = rest;
            rest = before;
        }
        return first;
    }

    private static void tellAll(FuturePublish first) {
        FuturePublish publish = first;
        while (publish != null) {
            FuturePublish next = publish.next;
            publish.next = null;
            publish.tell();
            publish = next;
        }
    }

    /** Completes what has come so far, then ends. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
