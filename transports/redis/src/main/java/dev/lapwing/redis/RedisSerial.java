// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs tasks one after the other, in the order in which they came, on the thread of whoever brings
 * one while none is running. Takes no lock, and hands nothing to another thread.
 */
final class RedisSerial {
    private static final Logger LOGGER = System.getLogger(RedisSerial.class.getName());

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();

    void run(Runnable task) {
        tasks.add(task);
        if (open.getAndIncrement() != 0) {
            return;
        }
        do {
            Runnable next = tasks.poll();
            if (next != null) {
                perform(next);
            }
        } while (open.decrementAndGet() != 0);
    }

    private static void perform(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOGGER.log(Level.ERROR, "A receiver of Redis failed", e);
        }
    }
}
