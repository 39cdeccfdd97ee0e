// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One thread that publishes with a full window, and the count of what was confirmed. */
final class PublishRun {
    private final byte[] payload;
    private final Window window;
    private volatile boolean running = true;

    PublishRun(int bytes, int inFlight) {
        this.payload = new byte[bytes];
        this.window = new Window(inFlight);
    }

    /** For so long, after a while that does not count. */
    void forTime(Client client, String topic, double warmUpSeconds, double seconds)
            throws Exception {
        measure(client.publisher(topic, window), warmUpSeconds, seconds);
    }

    /** The same with messages that carry what Lapwing's do. */
    void markedForTime(RawRabbit client, String topic, double warmUpSeconds, double seconds)
            throws Exception {
        measure(client.markedPublisher(topic, window), warmUpSeconds, seconds);
    }

    private void measure(Outlet opened, double warmUpSeconds, double seconds) throws Exception {
        try (Outlet outlet = opened) {
            Thread publishing =
                    Thread.ofPlatform()
                            .name("publish")
                            .start(() -> publish(outlet, Long.MAX_VALUE));
            pass(warmUpSeconds);
            long before = window.left();
            long start = System.nanoTime();
            pass(seconds);
            double rate = (window.left() - before) / ((System.nanoTime() - start) / 1e9);
            running = false;
            publishing.join();
            Load.result("per_second", rate);
        }
    }

    /** So many. */
    void count(Client client, String topic, long messages) throws Exception {
        try (Outlet outlet = client.publisher(topic, window)) {
            long start = System.nanoTime();
            publish(outlet, messages);
            Load.result("per_second", messages / ((System.nanoTime() - start) / 1e9));
        }
    }

    private void publish(Outlet outlet, long limit) {
        try {
            for (long number = 0; running && number < limit; number++) {
                window.enter(outlet);
                outlet.publish(payload);
            }
            outlet.flush();
            window.awaitEmpty();
        } catch (Exception e) {
            Load.fail(e);
        }
    }

    private static void pass(double seconds) throws InterruptedException {
        boolean never = new CountDownLatch(1).await((long) (seconds * 1e9), TimeUnit.NANOSECONDS);
        assert !never;
    }
}
