// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Administration.Peeked;

import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads messages without a group, in the order of their time. */
final class KafkaPeek {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private static final Comparator<ConsumerRecord<byte[], byte[]>> OLDEST_FIRST =
            Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
                    .thenComparingInt(ConsumerRecord::partition)
                    .thenComparingLong(ConsumerRecord::offset);

    private final KafkaClients clients;
    private final KafkaStarts starts;

    KafkaPeek(KafkaClients clients, KafkaStarts starts) {
        this.clients = clients;
        this.starts = starts;
    }

    /** The oldest messages of a topic from these offsets to its end as it is now. */
    List<Peeked> from(String topic, Map<TopicPartition, Long> begin, int limit) {
        var left = new HashMap<TopicPartition, Long>();
        starts.list(begin.keySet(), OffsetSpec.latest())
                .forEach((id, end) -> {
                    if (begin.getOrDefault(id, 0L) < end) {
                        left.put(id, end);
                    }
                });
        if (left.isEmpty()) {
            return List.of();
        }
        try (Consumer<byte[], byte[]> reader = clients.reader(limit)) {
            reader.assign(left.keySet());
            left.keySet().forEach(id -> reader.seek(id, begin.getOrDefault(id, 0L)));
            return read(reader, left, limit).stream()
                    .sorted(OLDEST_FIRST)
                    .limit(limit)
                    .map(each ->
                            new Peeked(
                                    KafkaMessages.toMessage(topic, each),
                                    Optional.of(
                                            KafkaPosition.single(each.partition(), each.offset()))))
                    .toList();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            Consumer<byte[], byte[]> reader, Map<TopicPartition, Long> left, int limit) {
        var read = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        Map<TopicPartition, Integer> counts = new HashMap<>();
        long begun = System.nanoTime();
        while (!left.isEmpty() && System.nanoTime() - begun < PATIENCE_NANOS) {
            for (ConsumerRecord<byte[], byte[]> each : reader.poll(POLL)) {
                var id = new TopicPartition(each.topic(), each.partition());
                if (each.offset() < left.getOrDefault(id, 0L)
                        && counts.merge(id, 1, Integer::sum) <= limit) {
                    read.add(each);
                }
            }
            Set<TopicPartition> done = new HashSet<>();
            left.forEach((id, end) -> {
                if (reader.position(id) >= end || counts.getOrDefault(id, 0) >= limit) {
                    done.add(id);
                }
            });
            left.keySet().removeAll(done);
            reader.pause(done);
        }
        return read;
    }
}
