// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

/** Consumes and acknowledges what a topic holds; the first tenth does not count. */
final class ConsumeRun {
    private final long messages;
    private final long skipped;
    private long seen;
    private long payloadBytes;
    private volatile long start;
    private volatile long end;

    ConsumeRun(long messages) {
        this.messages = messages;
        this.skipped = messages / 10;
    }

    void run(Client client, String topic, String group) throws Exception {
        try (AutoCloseable _ = client.subscriber(topic, group, Load.PREFETCH, this::received)) {
            Load.await(() -> end != 0, "the last of " + messages + " messages");
        }
        Load.result("per_second", (messages - skipped) / ((end - start) / 1e9));
    }

    private void received(byte[] payload) {
        payloadBytes += payload.length;
        if (++seen == skipped) {
            start = System.nanoTime();
        } else if (seen == messages) {
            end = System.nanoTime();
        }
    }

    long payloadBytes() {
        return payloadBytes;
    }
}
