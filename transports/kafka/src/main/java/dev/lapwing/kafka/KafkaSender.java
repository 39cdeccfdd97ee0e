// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Sends over one idempotent producer. The producer is told never to block: what it cannot take at
 * once, because it does not know the topic yet or its buffer is full, waits in the lane of its
 * topic. Safe for use by many threads.
 */
final class KafkaSender implements Sender, AutoCloseable {

    private static final long BUFFER_BYTES = 64L << 20;
    private static final int BATCH_BYTES = 64 << 10;
    private static final int LEAST_REQUEST_BYTES = 1 << 20;
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);
    private static final Duration METADATA_AGE = Duration.ofMinutes(1);

    private final KafkaTopics topics;
    private final KafkaLink link;
    private final Consumer<String> made;
    private final Producer<byte[], byte[]> producer;
    private final Map<String, KafkaLane> lanes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * A sender.
     *
     * @param made told the topics that it found or made
     */
    KafkaSender(KafkaLink link, KafkaTopics topics, Consumer<String> made) {
        this.link = link;
        this.topics = topics;
        this.made = made;
        producer =
                new KafkaProducer<>(
                        producerSettings(link),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    private static Map<String, Object> producerSettings(KafkaLink link) {
        Map<String, Object> all = link.settings.client();
        Duration delivery = link.settings.deliveryTimeout();
        Duration linger = link.settings.linger();
        Duration request = delivery.minus(linger).dividedBy(2);
        all.put("client.id", "lapwing-producer");
        all.put("acks", "all");
        all.put("enable.idempotence", true);
        all.put("max.block.ms", 0);
        all.put("linger.ms", linger.toMillis());
        all.put("batch.size", BATCH_BYTES);
        all.put("buffer.memory", BUFFER_BYTES);
        all.put("compression.type", link.settings.compression());
        all.put("delivery.timeout.ms", (int) delivery.toMillis());
        all.put(
                "request.timeout.ms",
                (int)
                        (request.compareTo(LONGEST_REQUEST) < 0 ? request : LONGEST_REQUEST)
                                .toMillis());
        all.put("metadata.max.age.ms", METADATA_AGE.toMillis());
        all.put(
                "max.request.size",
                Math.max(
                        LEAST_REQUEST_BYTES,
                        link.maxPayloadBytes() + KafkaTopics.AROUND_PAYLOAD_BYTES));
        return all;
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        for (SendRequest request : batch) {
            if (closed) {
                request.complete(
                        KafkaErrors.refused(
                                "the connection to %s is closed; connect again"
                                        .formatted(link.settings.shown()),
                                false));
            } else {
                lane(request.message().topic()).send(request);
            }
        }
    }

    private KafkaLane lane(String topic) {
        KafkaLane lane = lanes.get(topic);
        return lane != null
                ? lane
                : lanes.computeIfAbsent(
                        topic,
                        name ->
                                new KafkaLane(
                                        name, producer, topics, link, () -> made.accept(name)));
    }

    /** A topic was deleted: it is made again by the next message. */
    void forget(String topic) {
        lanes.computeIfPresent(topic, (name, lane) -> lane.retire() ? null : lane);
    }

    @Override
    public void close() {
        closed = true;
        producer.close(Duration.ZERO);
        lanes.values().forEach(KafkaLane::close);
    }
}
