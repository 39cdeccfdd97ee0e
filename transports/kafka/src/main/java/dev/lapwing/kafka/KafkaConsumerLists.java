// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.LapwingException;

import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The consumer groups of a topic. Its methods wait for the broker. */
final class KafkaConsumerLists implements KafkaGroupLists {

    private final KafkaLink link;

    KafkaConsumerLists(KafkaLink link) {
        this.link = link;
    }

    @Override
    public List<GroupInfo> of(Map<TopicPartition, Long> firsts, Map<TopicPartition, Long> ends) {
        List<String> names =
                link
                        .errors
                        .get(
                                link.admin.listGroups(ListGroupsOptions.forConsumerGroups()).all(),
                                "listing groups")
                        .stream()
                        .map(GroupListing::groupId)
                        .toList();
        var lags = new TreeMap<String, Long>();
        offsets(names)
                .forEach((name, offsets) -> {
                    if (offsets.keySet().stream().anyMatch(firsts::containsKey)) {
                        lags.put(name, lag(offsets, firsts, ends));
                    }
                });
        return infos(lags);
    }

    private List<GroupInfo> infos(Map<String, Long> lags) {
        if (lags.isEmpty()) {
            return List.of();
        }
        Map<String, ConsumerGroupDescription> known =
                link.errors.get(
                        link.admin.describeConsumerGroups(lags.keySet()).all(),
                        "describing groups");
        var infos = new ArrayList<GroupInfo>();
        lags.forEach((name, lag) -> {
            ConsumerGroupDescription group = known.get(name);
            int members = group == null ? -1 : group.members().size();
            infos.add(new GroupInfo(name, lag, -1, members));
        });
        return infos;
    }

    private static long lag(
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Map<TopicPartition, Long> firsts,
            Map<TopicPartition, Long> ends) {
        long lag = 0;
        for (var end : ends.entrySet()) {
            OffsetAndMetadata offset = offsets.get(end.getKey());
            long first = firsts.getOrDefault(end.getKey(), 0L);
            long floor = offset == null ? first : Math.max(first, offset.offset());
            lag += Math.max(0, end.getValue() - floor);
        }
        return lag;
    }

    private Map<String, Map<TopicPartition, OffsetAndMetadata>> offsets(List<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        return link.errors.get(
                link.admin
                        .listConsumerGroupOffsets(
                                names.stream()
                                        .collect(
                                                Collectors.toMap(
                                                        Function.identity(),
                                                        any -> new ListConsumerGroupOffsetsSpec())))
                        .all(),
                "reading the offsets of groups");
    }

    @Override
    public Map<TopicPartition, Long> floors(String group, Set<TopicPartition> partitions) {
        var floors = new HashMap<TopicPartition, Long>();
        offsets(List.of(group))
                .getOrDefault(group, Map.of())
                .forEach((id, offset) -> {
                    if (partitions.contains(id) && offset != null) {
                        floors.put(id, offset.offset());
                    }
                });
        return floors;
    }

    @Override
    public void delete(String group, Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> all =
                offsets(List.of(group)).getOrDefault(group, Map.of());
        Set<TopicPartition> gone =
                all.keySet().stream().filter(partitions::contains).collect(Collectors.toSet());
        if (gone.isEmpty()) {
            return;
        }
        run(group, link.admin.deleteConsumerGroupOffsets(group, gone).all());
        if (gone.size() == all.size()) {
            run(group, link.admin.deleteConsumerGroups(List.of(group)).all());
        }
    }

    private void run(String group, KafkaFuture<Void> deletion) {
        try {
            deletion.get();
        } catch (ExecutionException e) {
            switch (KafkaErrors.cause(e)) {
                case GroupIdNotFoundException gone -> {}
                case GroupNotEmptyException busy -> throw hasMembers(group, busy);
                case GroupSubscribedToTopicException busy -> throw hasMembers(group, busy);
                default ->
                        throw link.errors.told(
                                KafkaErrors.cause(e), "deleting group '" + group + "'");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted while deleting group '" + group + "'", e);
        }
    }

    private static LapwingException hasMembers(String group, Throwable cause) {
        return new LapwingException(
                "Group '%s' has members; close its subscriptions, then delete it".formatted(group),
                cause);
    }
}
