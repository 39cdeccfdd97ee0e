// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import org.HdrHistogram.Histogram;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * From publish to handler at a fixed rate, open loop: a message that could not be published when it
 * was due, because the one before still was, counts from when it was due. What the timer of this
 * thread oversleeps is the load's own and does not count.
 */
final class LatencyRun {
    private static final int ROOM = 1 << 16;

    private final Histogram latency = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private final int bytes;
    private final long interval;
    private volatile long measureFrom = Long.MAX_VALUE;
    private volatile long received;

    LatencyRun(int bytes, int perSecond) {
        this.bytes = bytes;
        this.interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    void run(Client client, String topic, double warmUpSeconds, double seconds) throws Exception {
        var window = new Window(ROOM);
        try (AutoCloseable _ = client.subscriber(topic, Load.GROUP, Load.PREFETCH, this::received);
                Outlet outlet = client.publisher(topic, window)) {
            long published = publish(outlet, window, warmUpSeconds, seconds);
            Load.await(() -> received >= published, "the last of " + published + " messages");
            window.awaitEmpty();
        }
        Load.result(
                "p50_micros",
                latency.getValueAtPercentile(50) / 1e3,
                "p99_micros",
                latency.getValueAtPercentile(99) / 1e3,
                "messages",
                latency.getTotalCount());
    }

    private long publish(Outlet outlet, Window window, double warmUpSeconds, double seconds)
            throws Exception {
        long start = System.nanoTime();
        measureFrom = start + (long) (warmUpSeconds * 1e9);
        long end = measureFrom + (long) (seconds * 1e9);
        long free = start;
        long count = 0;
        for (long due = start; due - end < 0; due += interval) {
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            byte[] payload = new byte[bytes];
            ByteBuffer.wrap(payload).putLong(free - due > 0 ? due : System.nanoTime());
            window.enter(outlet);
            outlet.publish(payload);
            outlet.flush();
            free = System.nanoTime();
            count++;
        }
        return count;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time is the contract
    private void received(byte[] payload) {
        long now = System.nanoTime();
        long at = ByteBuffer.wrap(payload).getLong();
        if (at - measureFrom >= 0) {
            latency.recordValue(now - at);
        }
        received++;
    }
}
