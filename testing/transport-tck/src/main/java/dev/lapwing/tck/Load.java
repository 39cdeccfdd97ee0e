// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/** A publisher that goes on until it is stopped, slowly while its link is down. */
final class Load implements AutoCloseable {
    private static final int MOST_OPEN = 100;
    private static final long BREATH = Duration.ofMillis(1).toNanos();
    private static final long PATIENCE = Duration.ofMillis(20).toNanos();

    private final Lapwing lapwing;
    private final String topic;
    private final Account account;
    private final Semaphore room = new Semaphore(MOST_OPEN);
    private final Thread thread;
    private volatile boolean stopped;

    Load(Lapwing lapwing, String topic, Account account) {
        this.lapwing = lapwing;
        this.topic = topic;
        this.account = account;
        thread = Thread.ofVirtual().name("load").start(this::run);
    }

    private void run() {
        for (int at = 0; !stopped; at++) {
            room.acquireUninterruptibly();
            account.publish(lapwing, topic, "m" + at)
                    .whenComplete((stored, failure) -> room.release());
            boolean up = lapwing.state() instanceof ConnectionState.Connected;
            LockSupport.parkNanos(up ? BREATH : PATIENCE);
        }
    }

    /** How many publishes have no end yet. */
    int open() {
        return MOST_OPEN - room.availablePermits();
    }

    /** Publishes no more. */
    void stop() throws InterruptedException {
        stopped = true;
        thread.join();
    }

    @Override
    public void close() {
        stopped = true;
    }
}
