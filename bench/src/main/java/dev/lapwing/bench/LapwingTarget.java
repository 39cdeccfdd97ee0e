// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** The public API over the embedded log, with its default options. */
final class LapwingTarget implements PublishTarget {
    private final Lapwing lapwing;
    private final String[] topics;

    LapwingTarget(Path directory, int topics) {
        this.lapwing = Lapwing.connect("embedded:" + directory.toAbsolutePath());
        this.topics =
                IntStream.range(0, topics)
                        .mapToObj(topic -> "bench." + topic)
                        .toArray(String[]::new);
    }

    @Override
    public void publish(long number, byte[] payload) {
        lapwing.publish(message(number, payload));
    }

    @Override
    public CompletableFuture<PublishResult.Stored> publishAsync(long number, byte[] payload) {
        return lapwing.publishAsync(message(number, payload));
    }

    private Message message(long number, byte[] payload) {
        return Message.to(topics[(int) (number % topics.length)]).payload(payload).build();
    }

    @Override
    public void close() {
        lapwing.close();
    }
}
