// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import org.apache.kafka.common.TopicPartition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A partition while it is this receiver's. When it is given up and comes back it is a new one. Used
 * by the receiver's thread alone.
 */
final class KafkaPartition {

    final TopicPartition id;

    /** The topic that it belongs to, as Lapwing names it. */
    final String topic;

    /** The number of the partition among all that the receiver has ever had. */
    final int slot;

    /** What was delivered and lies above the floor, in order. */
    private final ArrayDeque<KafkaDelivery> open = new ArrayDeque<>();

    /** The offset behind everything that was acked; -1 before the first ack. */
    private long floor = -1;

    private long committed = -1;
    private boolean gone;

    KafkaPartition(TopicPartition id, String topic, int slot) {
        this.id = id;
        this.topic = topic;
        this.slot = slot;
    }

    void delivered(KafkaDelivery delivery) {
        open.addLast(delivery);
    }

    /** Moves the floor above a delivery; false if the partition is no longer ours. */
    boolean ack(KafkaDelivery delivery) {
        if (gone) {
            return delivery.offset() < committed;
        }
        floor = Math.max(floor, delivery.offset() + 1);
        while (!open.isEmpty() && open.getFirst().offset() < floor) {
            open.removeFirst();
        }
        return true;
    }

    boolean hasOpen() {
        return !open.isEmpty();
    }

    /** Whether there is something to commit. */
    boolean isDirty() {
        return !gone && floor > committed;
    }

    long floor() {
        return floor;
    }

    void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    /** Whether the broker knows that a delivery is settled. */
    boolean isCommitted(KafkaDelivery delivery) {
        return delivery.offset() < committed;
    }

    boolean isGone() {
        return gone;
    }

    /** It is no longer ours: tells what was delivered and is not acked. */
    List<KafkaDelivery> giveUp() {
        gone = true;
        var lost = new ArrayList<>(open);
        open.clear();
        return lost;
    }
}
