// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Work that many threads ask for and one at a time does, on the engine's few reading threads.
 * Waking it is cheap and never blocks; everything that was asked for before a turn begins is seen
 * by that turn.
 */
final class Pump implements Runnable {
    private static final Logger LOGGER = System.getLogger(Pump.class.getName());

    private final Executor threads;
    private final Runnable turn;
    private final AtomicInteger asked = new AtomicInteger();

    Pump(Executor threads, Runnable turn) {
        this.threads = threads;
        this.turn = turn;
    }

    /** Sees to it that a turn begins after this call. */
    void wake() {
        if (asked.getAndIncrement() == 0) {
            submit();
        }
    }

    private void submit() {
        try {
            threads.execute(this);
        } catch (RejectedExecutionException closed) {
            LOGGER.log(Level.DEBUG, "The engine is closed");
        }
    }

    @Override
    public void run() {
        int seen = asked.get();
        try {
            turn.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "Reading from the log failed", e);
        }
        if (asked.addAndGet(-seen) != 0) {
            submit();
        }
    }
}
