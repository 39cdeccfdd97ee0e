// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.ConnectOptions;
import dev.lapwing.Lapwing;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceProvider;
import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.reference.VirtualTime;
import dev.lapwing.spi.TransportUri;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** A broker and a connection whose time stands still until a test moves it. */
final class Harness implements AutoCloseable {
    final VirtualTime time = new VirtualTime(Instant.parse("2026-01-01T00:00:00Z"));
    final ReferenceBroker broker;
    final Lapwing lapwing;

    Harness(ReferenceSettings settings) {
        this(settings, ConnectOptions.defaults());
    }

    Harness(ReferenceSettings settings, ConnectOptions options) {
        broker = ReferenceBroker.start(settings.withTime(time));
        lapwing = connect(options);
    }

    /** Another connection to the same broker. */
    Lapwing connect(ConnectOptions options) {
        return RuntimeConnector.open(
                TransportUri.parse(broker.uri()),
                new TransportDirectory(List.of(new ReferenceProvider())),
                options.withClock(time.clock()),
                new VirtualTimers());
    }

    /** Moves time on, step by step, so that what follows from one step falls into the next. */
    void advance(Duration step, int times) {
        for (int at = 0; at < times; at++) {
            time.advance(step);
        }
    }

    /** Moves time on, step by step, until something is so. */
    void advanceUntil(Duration step, Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> {
                    time.advance(step);
                    return condition.call();
                });
    }

    /** Ends every send that the broker was told not to answer. */
    void dropLinks() {
        broker.breakLinks("pulled the plug");
        broker.restoreLinks();
    }

    @Override
    public void close() {
        dropLinks();
        advance(Duration.ofMillis(100), 2);
        lapwing.close();
        broker.close();
    }

    private final class VirtualTimers implements Timers {
        private volatile boolean closed;

        @Override
        public long nanoTime() {
            return Duration.between(Instant.EPOCH, time.now()).toNanos();
        }

        @Override
        public void after(long nanos, Runnable task) {
            time.schedule(
                    Duration.ofNanos(nanos),
                    () -> {
                        if (!closed) {
                            task.run();
                        }
                    });
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
