// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The time of the machine, with one daemon thread for all brokers. */
final class RealTime implements BrokerTime {

    static final RealTime INSTANCE = new RealTime();

    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("reference-timer").factory());

    private RealTime() {}

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public void schedule(Duration delay, Runnable task) {
        var unused = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
