// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;

import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Commits the floors of partitions, many acks at a time, and answers the acks when the broker has
 * confirmed it. A commit that fails is made again until it succeeds or the partitions are lost.
 * Used by the receiver's thread alone.
 */
final class KafkaCommits {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final long AGAIN_NANOS = 100_000_000;

    private final Consumer<byte[], byte[]> consumer;
    private final List<KafkaAcks> waiting = new ArrayList<>();
    private boolean underWay;
    private long failedAt;

    KafkaCommits(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    void add(KafkaAcks acks) {
        acks.apply();
        waiting.add(acks);
    }

    /** Commits while polling goes on; returns whether an answer is awaited. */
    boolean commit(Collection<KafkaPartition> partitions) {
        if (underWay) {
            return true;
        }
        if (waiting.isEmpty() || isTooSoon()) {
            return !waiting.isEmpty();
        }
        Map<KafkaPartition, Long> floors = dirty(partitions);
        if (floors.isEmpty()) {
            answer();
            return false;
        }
        underWay = true;
        consumer.commitAsync(
                offsets(floors),
                (offsets, failure) -> {
                    underWay = false;
                    ended(floors, failure);
                });
        return true;
    }

    /** Commits and waits; returns whether all is confirmed. */
    boolean commitNow(Collection<KafkaPartition> partitions) {
        if (waiting.isEmpty() && !underWay) {
            return true;
        }
        Map<KafkaPartition, Long> floors = dirty(partitions);
        if (!floors.isEmpty() && isTooSoon()) {
            return false;
        }
        try {
            if (!floors.isEmpty()) {
                KafkaWaker.whole(() -> {
                    consumer.commitSync(offsets(floors), PATIENCE);
                    return true;
                });
            }
            ended(floors, null);
        } catch (KafkaException e) {
            ended(floors, e);
        }
        return waiting.isEmpty();
    }

    private boolean isTooSoon() {
        return failedAt != 0 && System.nanoTime() - failedAt < AGAIN_NANOS;
    }

    private static Map<KafkaPartition, Long> dirty(Collection<KafkaPartition> partitions) {
        var floors = new HashMap<KafkaPartition, Long>();
        for (KafkaPartition partition : partitions) {
            if (partition.isDirty()) {
                floors.put(partition, partition.floor());
            }
        }
        return floors;
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(
            Map<KafkaPartition, Long> floors) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        floors.forEach(
                (partition, floor) -> offsets.put(partition.id, new OffsetAndMetadata(floor)));
        return offsets;
    }

    private void ended(Map<KafkaPartition, Long> floors, @Nullable Exception failure) {
        if (failure == null) {
            failedAt = 0;
            floors.forEach(KafkaPartition::committed);
            answer();
        } else {
            failedAt = System.nanoTime();
            if (failure instanceof KafkaException && !(failure instanceof CommitFailedException)) {
                KafkaGroupReceiver.logged((KafkaException) failure);
            }
        }
    }

    /** Partitions were given up: what was acked there and is not committed is stale. */
    void lost() {
        answer();
    }

    private void answer() {
        waiting.removeIf(acks -> {
            boolean done = acks.isDone();
            if (done) {
                acks.end();
            }
            return done;
        });
    }

    /** The end: what is not confirmed will not be. */
    void fail(LapwingException cause) {
        waiting.forEach(acks -> acks.fail(cause));
        waiting.clear();
    }
}
