// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

/**
 * From publish to handler as fast as it goes, where the broker keeps nothing: a message is under
 * way until its handler has seen it.
 */
final class FlowRun {
    private final byte[] payload;
    private final Window window;

    FlowRun(int bytes, int inFlight) {
        this.payload = new byte[bytes];
        this.window = new Window(inFlight);
    }

    void run(Client client, String topic, long messages) throws Exception {
        var handed = new Window(Integer.MAX_VALUE);
        try (AutoCloseable _ =
                        client.subscriber(topic, Load.GROUP, Load.PREFETCH, _ -> window.leave(1));
                Outlet outlet = client.publisher(topic, handed)) {
            long skipped = messages / 10;
            long start = 0;
            for (long number = 0; number < messages; number++) {
                if (number == skipped) {
                    start = System.nanoTime();
                }
                window.enter(outlet);
                handed.enter(outlet);
                outlet.publish(payload);
            }
            outlet.flush();
            window.awaitEmpty();
            double rate = (messages - skipped) / ((System.nanoTime() - start) / 1e9);
            handed.awaitEmpty();
            Load.result("per_second", rate);
        }
    }
}
