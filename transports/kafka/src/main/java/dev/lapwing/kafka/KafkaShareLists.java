// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.LapwingException;

import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Share groups. */
final class KafkaShareLists implements KafkaGroupLists {

    private final KafkaLink link;

    KafkaShareLists(KafkaLink link) {
        this.link = link;
    }

    @Override
    public List<GroupInfo> of(Map<TopicPartition, Long> firsts, Map<TopicPartition, Long> ends) {
        List<String> names =
                link
                        .errors
                        .get(
                                link.admin.listGroups(ListGroupsOptions.forShareGroups()).all(),
                                "listing share groups")
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
        Map<String, ShareGroupDescription> known =
                link.errors.get(
                        link.admin.describeShareGroups(lags.keySet()).all(),
                        "describing share groups");
        var infos = new ArrayList<GroupInfo>();
        lags.forEach((name, lag) -> {
            ShareGroupDescription group = known.get(name);
            int members = group == null ? -1 : group.members().size();
            infos.add(new GroupInfo(name, lag, -1, members));
        });
        return infos;
    }

    private static long lag(
            Map<TopicPartition, SharePartitionOffsetInfo> offsets,
            Map<TopicPartition, Long> firsts,
            Map<TopicPartition, Long> ends) {
        long lag = 0;
        for (var end : ends.entrySet()) {
            SharePartitionOffsetInfo offset = offsets.get(end.getKey());
            long first = firsts.getOrDefault(end.getKey(), 0L);
            long most = Math.max(0, end.getValue() - first);
            long told =
                    offset == null
                            ? most
                            : offset.lag()
                                    .filter(known -> known >= 0)
                                    .orElse(end.getValue() - offset.startOffset());
            lag += Math.clamp(told, 0, most);
        }
        return lag;
    }

    private Map<String, Map<TopicPartition, SharePartitionOffsetInfo>> offsets(List<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        return link.errors.get(
                link.admin
                        .listShareGroupOffsets(
                                names.stream()
                                        .collect(
                                                Collectors.toMap(
                                                        Function.identity(),
                                                        any -> new ListShareGroupOffsetsSpec())))
                        .all(),
                "reading the offsets of share groups");
    }

    @Override
    public Map<TopicPartition, Long> floors(String group, Set<TopicPartition> partitions) {
        var floors = new HashMap<TopicPartition, Long>();
        offsets(List.of(group))
                .getOrDefault(group, Map.of())
                .forEach((id, offset) -> {
                    if (partitions.contains(id) && Objects.nonNull(offset)) {
                        floors.put(id, offset.startOffset());
                    }
                });
        return floors;
    }

    @Override
    public void delete(String group, Set<TopicPartition> partitions) {
        Set<String> topics =
                partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet());
        try {
            if (link.admin.listGroups(ListGroupsOptions.forShareGroups()).all().get().stream()
                    .noneMatch(each -> each.groupId().equals(group))) {
                return;
            }
        } catch (ExecutionException | InterruptedException e) {
            throw link.errors.told(e, "listing share groups");
        }
        run(group, link.admin.deleteShareGroupOffsets(group, topics).all());
        if (offsets(List.of(group)).getOrDefault(group, Map.of()).isEmpty()) {
            run(group, link.admin.deleteShareGroups(List.of(group)).all());
        }
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
