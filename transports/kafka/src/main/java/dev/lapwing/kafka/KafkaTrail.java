// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Position;

import org.apache.kafka.common.TopicPartition;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far a receiver had come at each of the deliveries that it handed over at once. Keeps numbers
 * only, so that a position can be made later without keeping the other messages. Immutable.
 */
final class KafkaTrail {

    static final KafkaTrail NONE = new KafkaTrail(Map.of(), List.of(), true);

    private final Map<TopicPartition, Long> before;
    private final TopicPartition[] partitions;
    private final long[] offsets;
    private final boolean oneTopic;

    /**
     * A trail of these deliveries.
     *
     * @param before the last offset that was delivered before, in each partition
     * @param oneTopic whether the receiver reads one topic only
     */
    KafkaTrail(Map<TopicPartition, Long> before, List<KafkaDelivery> deliveries, boolean oneTopic) {
        this.before = Map.copyOf(before);
        this.oneTopic = oneTopic;
        partitions = new TopicPartition[deliveries.size()];
        offsets = new long[partitions.length];
        for (int at = 0; at < partitions.length; at++) {
            partitions[at] = deliveries.get(at).owner.id;
            offsets[at] = deliveries.get(at).offset();
        }
    }

    /** Behind the delivery at this place and all that came before it. */
    Optional<Position> position(int place) {
        var position = new KafkaPosition();
        before.forEach((id, offset) -> position.passed(id.topic(), id.partition(), offset));
        for (int at = 0; at <= place && at < offsets.length; at++) {
            position.passed(partitions[at].topic(), partitions[at].partition(), offsets[at]);
        }
        return position.position(oneTopic);
    }
}
