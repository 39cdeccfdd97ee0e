// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Administration;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;

import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Topics and groups of a cluster. Its methods wait for the broker. */
final class KafkaAdministration implements Administration {

    private static final long LOOK_AGAIN_NANOS = 20_000_000;
    private static final int MOST_LOOKS = 250;

    private final KafkaLink link;
    private final KafkaTopics topics;
    private final KafkaStarts starts;
    private final KafkaPeek peek;
    private final KafkaGroupLists groups;
    private final Consumer<String> deleted;

    KafkaAdministration(
            KafkaLink link, KafkaTopics topics, KafkaClients clients, Consumer<String> deleted) {
        this.link = link;
        this.topics = topics;
        this.deleted = deleted;
        starts = new KafkaStarts(link);
        peek = new KafkaPeek(clients, starts);
        groups =
                link.settings.sharesGroups()
                        ? new KafkaShareLists(link)
                        : new KafkaConsumerLists(link);
    }

    @Override
    public List<TopicInfo> topics() {
        return infos(topics.describe(topics.all()));
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        return infos(topics.describe(Set.of(topics.names().toKafka(name)))).stream().findFirst();
    }

    private List<TopicInfo> infos(Map<String, Integer> found) {
        Set<TopicPartition> partitions = KafkaTopics.partitions(found);
        Map<TopicPartition, Long> firsts = starts.list(partitions, OffsetSpec.earliest());
        Map<TopicPartition, Long> ends = starts.list(partitions, OffsetSpec.latest());
        var infos = new ArrayList<TopicInfo>();
        found.forEach((name, count) -> infos.add(info(name, count, firsts, ends)));
        infos.sort(Comparator.comparing(TopicInfo::name));
        return infos;
    }

    private TopicInfo info(
            String name,
            int count,
            Map<TopicPartition, Long> firsts,
            Map<TopicPartition, Long> ends) {
        long messages = 0;
        var last = new KafkaPosition();
        Optional<Position> first = Optional.empty();
        for (int number = 0; number < count; number++) {
            var id = new TopicPartition(name, number);
            long begin = firsts.getOrDefault(id, 0L);
            long end = ends.getOrDefault(id, 0L);
            if (end > begin) {
                messages += end - begin;
                last.passed(name, number, end - 1);
                first = count == 1 ? Optional.of(KafkaPosition.single(0, begin)) : first;
            }
        }
        return new TopicInfo(
                topics.names().toTopic(name), messages, -1, first, last.position(true));
    }

    @Override
    public List<GroupInfo> groups(String topic) {
        Map<TopicPartition, Long> firsts = ends(topic, OffsetSpec.earliest());
        return firsts.isEmpty() ? List.of() : groups.of(firsts, ends(topic, OffsetSpec.latest()));
    }

    private Map<TopicPartition, Long> ends(String topic, OffsetSpec which) {
        Map<String, Integer> found = topics.describe(Set.of(topics.names().toKafka(topic)));
        return starts.list(KafkaTopics.partitions(found), which);
    }

    @Override
    public List<Peeked> peek(String topic, StartAt start, int limit) {
        check(limit);
        Set<TopicPartition> partitions =
                KafkaTopics.partitions(topics.describe(Set.of(topics.names().toKafka(topic))));
        return peek.from(topic, starts.offsets(start, partitions), limit);
    }

    @Override
    public List<Peeked> peekPending(String topic, String group, int limit) {
        check(limit);
        Map<TopicPartition, Long> begin = new HashMap<>(ends(topic, OffsetSpec.earliest()));
        Map<TopicPartition, Long> floors = groups.floors(group, begin.keySet());
        if (floors.isEmpty()) {
            return List.of();
        }
        floors.forEach((id, floor) -> begin.merge(id, floor, Math::max));
        return peek.from(topic, begin, limit);
    }

    private static void check(int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException(
                    "limit is %d; it must be from 1 to 10000".formatted(limit));
        }
    }

    @Override
    public long purge(String topic) {
        Map<TopicPartition, Long> firsts = ends(topic, OffsetSpec.earliest());
        var until = new HashMap<TopicPartition, RecordsToDelete>();
        long removed = 0;
        for (var end : ends(topic, OffsetSpec.latest()).entrySet()) {
            removed += end.getValue() - firsts.getOrDefault(end.getKey(), 0L);
            until.put(end.getKey(), RecordsToDelete.beforeOffset(end.getValue()));
        }
        if (removed > 0) {
            link.errors.get(link.admin.deleteRecords(until).all(), "purging topic '" + topic + "'");
        }
        return removed;
    }

    @Override
    public void deleteTopic(String topic) {
        String name = topics.names().toKafka(topic);
        try {
            link.admin.deleteTopics(Set.of(name)).all().get();
            awaitDeleted(name);
        } catch (ExecutionException e) {
            if (!(KafkaErrors.cause(e) instanceof UnknownTopicOrPartitionException)) {
                throw link.errors.told(KafkaErrors.cause(e), "deleting topic '" + topic + "'");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted while deleting topic '" + topic + "'", e);
        } finally {
            deleted.accept(topic);
        }
    }

    private void awaitDeleted(String name) {
        for (int look = 0; look < MOST_LOOKS && topics.find(name).isPresent(); look++) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }

    @Override
    public void deleteGroup(String topic, String group) {
        groups.delete(group, ends(topic, OffsetSpec.earliest()).keySet());
    }
}
