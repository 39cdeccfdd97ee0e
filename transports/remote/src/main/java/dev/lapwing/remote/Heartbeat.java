// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Finds out that a quiet WebSocket is dead, because the server's machine or the way to it has gone.
 */
final class Heartbeat {

    /** How many periods without a sign of life there may be. */
    private static final int PATIENCE = 5;

    private final EventConnection connection;
    private final long period;
    private final Executor executor;
    private final BooleanSupplier listening;
    private final Consumer<Throwable> dead;
    private volatile long heard = System.nanoTime();
    private volatile boolean ended;

    /**
     * A heartbeat, which does not beat yet.
     *
     * @param period after how long without a frame a ping is sent
     * @param listening whether frames are read at all, so that silence means something
     * @param dead told once, when there is no life any more
     */
    Heartbeat(
            EventConnection connection,
            Duration period,
            Executor executor,
            BooleanSupplier listening,
            Consumer<Throwable> dead) {
        this.connection = connection;
        this.period = period.toNanos();
        this.executor = executor;
        this.listening = listening;
        this.dead = dead;
    }

    void start() {
        CompletableFuture.delayedExecutor(period, TimeUnit.NANOSECONDS, executor)
                .execute(this::beat);
    }

    /** There was a sign of life. */
    void heard() {
        heard = System.nanoTime();
    }

    void end() {
        ended = true;
    }

    private void beat() {
        if (ended) {
            return;
        }
        long silence = System.nanoTime() - heard;
        if (!listening.getAsBoolean()) {
            heard();
        } else if (silence > PATIENCE * period) {
            die(new IOException("no sign of life for " + silence / 1_000_000 + " ms"));
            return;
        }
        if (silence >= period) {
            connection
                    .ping()
                    .whenComplete((sent, failure) -> {
                        if (failure instanceof IOException) {
                            die(failure);
                        }
                    });
        }
        start();
    }

    private void die(Throwable reason) {
        if (!ended) {
            ended = true;
            dead.accept(reason);
        }
    }
}
