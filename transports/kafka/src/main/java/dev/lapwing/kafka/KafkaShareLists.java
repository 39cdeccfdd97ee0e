// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.LapwingException;

import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** The share groups of a topic. Its methods wait for the broker. */
final class KafkaShareLists implements KafkaGroupLists {

    private final KafkaLink link;

    KafkaShareLists(KafkaLink link) {
        this.link = link;
    }

    @Override
    public List<GroupInfo> of(Map<TopicPartition, Long> firsts, Map<TopicPartition, Long> ends) {
        var infos = new ArrayList<GroupInfo>();
        for (String name : names()) {
            Map<TopicPartition, SharePartitionOffsetInfo> places = places(name);
            places.keySet().retainAll(firsts.keySet());
            if (!places.isEmpty()) {
                infos.add(
                        new GroupInfo(
                                KafkaShareNames.group(name),
                                lag(places, firsts, ends),
                                -1,
                                members(name)));
            }
        }
        return infos;
    }

    /** The names of all share groups at the broker. */
    private Set<String> names() {
        return link
                .errors
                .get(
                        link.admin
                                .listGroups(
                                        new ListGroupsOptions().withTypes(Set.of(GroupType.SHARE)))
                                .all(),
                        "listing groups")
                .stream()
                .map(GroupListing::groupId)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> names(String group) {
        return names().stream()
                .filter(name -> KafkaShareNames.group(name).equals(group))
                .collect(Collectors.toSet());
    }

    private int members(String name) {
        ShareGroupDescription group =
                link.errors
                        .get(
                                link.admin.describeShareGroups(Set.of(name)).all(),
                                "describing groups")
                        .get(name);
        return group == null ? -1 : group.members().size();
    }

    /** What the broker says, of what is still there; -1 if it does not know. */
    private static long lag(
            Map<TopicPartition, SharePartitionOffsetInfo> places,
            Map<TopicPartition, Long> firsts,
            Map<TopicPartition, Long> ends) {
        long lag = 0;
        for (var place : places.entrySet()) {
            long told = place.getValue().lag().orElse(-1L);
            if (told < 0) {
                return -1;
            }
            TopicPartition id = place.getKey();
            long there = ends.getOrDefault(id, 0L) - firsts.getOrDefault(id, 0L);
            lag += Math.min(told, Math.max(0, there));
        }
        return lag;
    }

    private Map<TopicPartition, SharePartitionOffsetInfo> places(String name) {
        try {
            var places = new HashMap<TopicPartition, SharePartitionOffsetInfo>();
            link.admin
                    .listShareGroupOffsets(Map.of(name, new ListShareGroupOffsetsSpec()))
                    .partitionsToOffsetInfo(name)
                    .get()
                    .forEach((id, place) -> {
                        if (place != null) {
                            places.put(id, place);
                        }
                    });
            return places;
        } catch (ExecutionException e) {
            if (KafkaErrors.cause(e) instanceof GroupIdNotFoundException) {
                return new HashMap<>();
            }
            throw link.errors.told(
                    KafkaErrors.cause(e), "reading the offsets of group '" + name + "'");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw link.errors.told(e, "reading the offsets of group '" + name + "'");
        }
    }

    @Override
    public Map<TopicPartition, Long> floors(String group, Set<TopicPartition> partitions) {
        var floors = new HashMap<TopicPartition, Long>();
        for (String name : names(group)) {
            places(name)
                    .forEach((id, place) -> {
                        if (partitions.contains(id)) {
                            floors.merge(id, Math.max(0, place.startOffset()), Math::min);
                        }
                    });
        }
        return floors;
    }

    @Override
    public void delete(String group, Set<TopicPartition> partitions) {
        names(group).forEach(name -> deleteOne(name, partitions));
    }

    private void deleteOne(String name, Set<TopicPartition> partitions) {
        Set<String> all = topics(places(name).keySet());
        Set<String> gone = topics(partitions);
        gone.retainAll(all);
        if (gone.isEmpty()) {
            return;
        }
        if (gone.equals(all)) {
            run(name, link.admin.deleteShareGroups(List.of(name)).all());
        } else {
            run(name, link.admin.deleteShareGroupOffsets(name, gone).all());
        }
    }

    private static Set<String> topics(Set<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
    }

    private void run(String group, KafkaFuture<Void> deletion) {
        try {
            deletion.get();
        } catch (ExecutionException e) {
            switch (KafkaErrors.cause(e)) {
                case GroupIdNotFoundException gone -> {}
                case UnknownTopicOrPartitionException gone -> {}
                case GroupNotEmptyException busy ->
                        throw new LapwingException(
                                "Group '%s' has members; close its subscriptions, then delete it"
                                        .formatted(group),
                                busy);
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
}
