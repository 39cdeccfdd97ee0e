// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.InvalidPositionException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;

import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the offsets at which reading begins. Its methods wait for the broker. */
final class KafkaStarts {

    private final KafkaLink link;

    KafkaStarts(KafkaLink link) {
        this.link = link;
    }

    /** The first offset to read in each partition. */
    Map<TopicPartition, Long> offsets(StartAt start, Collection<TopicPartition> partitions) {
        return switch (start) {
            case StartAt.Now now -> list(partitions, OffsetSpec.latest());
            case StartAt.Earliest earliest -> list(partitions, OffsetSpec.earliest());
            case StartAt.Time time -> atTime(partitions, time.instant().toEpochMilli());
            case StartAt.After after -> after(partitions, after.position());
        };
    }

    Map<TopicPartition, Long> list(Collection<TopicPartition> partitions, OffsetSpec which) {
        if (partitions.isEmpty()) {
            return new HashMap<>();
        }
        Map<TopicPartition, OffsetSpec> asked =
                partitions.stream().collect(Collectors.toMap(id -> id, id -> which));
        Map<TopicPartition, ListOffsetsResultInfo> answer =
                link.errors.get(
                        link.admin
                                .listOffsets(
                                        asked,
                                        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                                .all(),
                        "listing offsets");
        var offsets = new HashMap<TopicPartition, Long>();
        answer.forEach((id, info) -> offsets.put(id, info.offset()));
        return offsets;
    }

    private Map<TopicPartition, Long> atTime(Collection<TopicPartition> partitions, long millis) {
        Map<TopicPartition, Long> ends = list(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> found =
                list(partitions, OffsetSpec.forTimestamp(Math.max(0, millis)));
        found.replaceAll((id, offset) -> offset < 0 ? ends.getOrDefault(id, 0L) : offset);
        return found;
    }

    private Map<TopicPartition, Long> after(
            Collection<TopicPartition> partitions, Position position) {
        KafkaPosition read = KafkaPosition.parse(position);
        Map<TopicPartition, Long> offsets = list(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = list(partitions, OffsetSpec.latest());
        Set<String> topics = new HashSet<>();
        partitions.forEach(id -> topics.add(id.topic()));
        for (String topic : topics) {
            read.of(topic)
                    .forEach((number, offset) -> {
                        var id = new TopicPartition(topic, number);
                        if (offset >= ends.getOrDefault(id, 0L)) {
                            throw new InvalidPositionException(
                                    "Position '%s' is behind the end of %s, which is at %d; give back a position of the same topic"
                                            .formatted(position, id, ends.getOrDefault(id, 0L)));
                        }
                        offsets.merge(id, offset + 1, Math::max);
                    });
        }
        return offsets;
    }
}
