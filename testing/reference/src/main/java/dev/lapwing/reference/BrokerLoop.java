// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import org.jspecify.annotations.Nullable;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Runs a broker's tasks one after the other, in the order they came. All state of a broker is
 * touched here only, and listeners are called from here, so no lock is needed anywhere. The thread
 * lives only while there is work.
 */
final class BrokerLoop {

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable Thread thread;

    void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            Thread.ofVirtual().name("reference-broker").start(this::drain);
        }
    }

    /** Runs a task and waits for it; at once if this is the loop's own thread. */
    <T> T call(Supplier<T> task) {
        if (Thread.currentThread() == thread) {
            return task.get();
        }
        var result = new CompletableFuture<T>();
        execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return Waiting.forResult(result);
    }

    void run(Runnable task) {
        call(() -> {
            task.run();
            return true;
        });
    }

    private void drain() {
        do {
            thread = Thread.currentThread();
            Runnable task = tasks.poll();
            if (task != null) {
                runSafely(task);
            }
            thread = null;
        } while (waiting.decrementAndGet() > 0);
    }

    /** A listener that throws breaks its contract; it must not take the broker with it. */
    private static void runSafely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            System.getLogger(BrokerLoop.class.getName())
                    .log(System.Logger.Level.ERROR, "A task of the broker failed", e);
        }
    }
}
