// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a receiver holds: its partitions, how far it has come in each, and what was fetched from
 * them and waits for credit. Used by the receiver's thread alone.
 */
final class KafkaHoldings {

    final Map<TopicPartition, KafkaPartition> owned = new HashMap<>();

    private final KafkaNames names;
    private final boolean oneTopic;
    private final ArrayDeque<KafkaDelivery> backlog = new ArrayDeque<>();
    private final Map<TopicPartition, Long> passed = new HashMap<>();
    private final Map<TopicPartition, Integer> slots = new HashMap<>();

    /**
     * Nothing yet.
     *
     * @param oneTopic whether the receiver reads one topic only
     */
    KafkaHoldings(KafkaNames names, boolean oneTopic) {
        this.names = names;
        this.oneTopic = oneTopic;
    }

    /** Takes a partition; its reading begins at this offset. */
    void own(TopicPartition id, long firstOffset) {
        int slot = slots.computeIfAbsent(id, any -> slots.size());
        owned.put(id, new KafkaPartition(id, names.toTopic(id.topic()), slot));
        if (firstOffset > 0) {
            passed.put(id, firstOffset - 1);
        }
    }

    /** Gives partitions up; returns what was delivered from them and is not acked. */
    List<KafkaDelivery> giveUp(Collection<TopicPartition> ids) {
        var lost = new ArrayList<KafkaDelivery>();
        for (TopicPartition id : ids) {
            KafkaPartition partition = owned.remove(id);
            passed.remove(id);
            if (partition != null) {
                lost.addAll(partition.giveUp());
            }
        }
        backlog.removeIf(delivery -> delivery.owner.isGone());
        return lost;
    }

    /** Keeps what was fetched from partitions that are still owned. */
    void keep(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition id : records.partitions()) {
            KafkaPartition partition = owned.get(id);
            if (partition != null) {
                for (ConsumerRecord<byte[], byte[]> each : records.records(id)) {
                    backlog.addLast(new KafkaDelivery(partition, each));
                }
            }
        }
    }

    /** How many wait for credit. */
    int backlog() {
        return backlog.size();
    }

    /** Takes at most so many of those that wait, in order and each with its place. */
    List<KafkaDelivery> take(long room) {
        int count = (int) Math.min(room, backlog.size());
        var batch = new ArrayList<KafkaDelivery>(count);
        for (int at = 0; at < count; at++) {
            batch.add(backlog.removeFirst());
        }
        var trail = new KafkaTrail(passed, batch, oneTopic);
        for (int at = 0; at < count; at++) {
            KafkaDelivery delivery = batch.get(at);
            delivery.place(trail, at);
            if (at + 1 == count || batch.get(at + 1).owner != delivery.owner) {
                passed.put(delivery.owner.id, delivery.offset());
            }
        }
        return batch;
    }
}
