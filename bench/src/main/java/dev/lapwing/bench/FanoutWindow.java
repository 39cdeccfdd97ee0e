// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import io.netty.channel.EventLoopGroup;

import org.HdrHistogram.Histogram;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The closed window of undelivered messages: each of its places is a publisher. It measures from
 * the main thread; everything else happens on the client's event loop.
 */
final class FanoutWindow {
    private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final int subscribers;
    private final Deliveries deliveries;
    private Publisher[] publishers = {};
    private boolean open;

    FanoutWindow(int subscribers) {
        this.subscribers = subscribers;
        this.deliveries =
                new Deliveries(subscribers, publisher -> publishers[publisher].delivered());
    }

    long publish(int publisher) {
        return deliveries.publish(publisher);
    }

    void received(long position, long text) {
        deliveries.received(position, text);
    }

    boolean isOpen() {
        return open;
    }

    void fill(Publisher[] fresh, EventLoopGroup loop) throws InterruptedException {
        loop.submit(
                        () -> {
                            publishers = fresh;
                            open = true;
                            for (Publisher publisher : publishers) {
                                publisher.sendWhenFree();
                            }
                        })
                .sync();
    }

    Result measure(double seconds, EventLoopGroup loop)
            throws InterruptedException, ExecutionException {
        Histogram latency = deliveries.latency();
        loop.submit(
                        () -> {
                            latency.reset();
                            deliveries.measure(true);
                        })
                .sync();
        long start = System.nanoTime();
        Period.ofSeconds(seconds);
        loop.submit(() -> deliveries.measure(false)).sync();
        double elapsed = (System.nanoTime() - start) / 1e9;
        return Result.of("window", publishers.length)
                .with("deliveries_per_second", latency.getTotalCount() * subscribers / elapsed)
                .with("p50_micros", latency.getValueAtPercentile(50) / 1e3)
                .with("p99_micros", latency.getValueAtPercentile(99) / 1e3)
                .with("max_micros", latency.getMaxValue() / 1e3);
    }

    /** Stops publishing, waits until everything sent has reached everyone, and disconnects. */
    void drain(EventLoopGroup loop) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + STALLED_NANOS;
        loop.submit(() -> open = false).sync();
        while (!loop.submit(this::isDrained).get()) {
            if (System.nanoTime() > deadline) {
                FanoutLoad.fail(
                        "%d of %d messages never reached every subscriber"
                                .formatted(
                                        deliveries.published() - deliveries.completed(),
                                        deliveries.published()));
            }
            Period.ofSeconds(0.005);
        }
        loop.submit(
                        () -> {
                            for (Publisher publisher : publishers) {
                                publisher.close();
                            }
                        })
                .sync();
    }

    private boolean isDrained() {
        for (Publisher publisher : publishers) {
            if (!publisher.isIdle()) {
                return false;
            }
        }
        return deliveries.allDelivered();
    }
}
