// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Administration;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.log.Damage;
import dev.lapwing.log.LogReader;
import dev.lapwing.log.LogStream;
import dev.lapwing.log.RecordConsumer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;

/** Looks after the topics and groups of an engine. */
final class EmbeddedAdministration implements Administration {
    private final Engine engine;

    EmbeddedAdministration(Engine engine) {
        this.engine = engine;
    }

    @Override
    public List<TopicInfo> topics() {
        return engine.topics().all().stream()
                .map(EmbeddedAdministration::info)
                .sorted(Comparator.comparing(TopicInfo::name))
                .toList();
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        return engine.topics().find(name).map(EmbeddedAdministration::info);
    }

    private static TopicInfo info(Topic topic) {
        LogStream stream = topic.stream();
        long first = stream.first();
        long end = stream.end();
        boolean empty = end <= first;
        Optional<Position> none = Optional.empty();
        return new TopicInfo(
                topic.name(),
                Math.max(0, end - first),
                stream.size().bytes(),
                empty ? none : Optional.of(Positions.of(first)),
                empty ? none : Optional.of(Positions.of(end - 1)));
    }

    @Override
    public List<GroupInfo> groups(String topicName) {
        return engine.topics().find(topicName).stream()
                .flatMap(topic -> topic.groups().values().stream())
                .map(EmbeddedAdministration::info)
                .sorted(Comparator.comparing(GroupInfo::name))
                .toList();
    }

    private static GroupInfo info(Group group) {
        LogStream stream = group.topic().stream();
        AckSet settled = group.state().settled();
        long from = Math.max(settled.floor(), stream.first());
        long end = stream.end();
        long lag = Math.max(0, end - from - settled.count(from, end));
        return new GroupInfo(group.state().name(), lag, group.inFlight(), group.memberCount());
    }

    @Override
    public List<Peeked> peek(String topicName, StartAt start, int limit) {
        return engine.topics()
                .find(topicName)
                .map(topic -> peek(topic, Positions.start(topic, start), limit, position -> true))
                .orElse(List.of());
    }

    @Override
    public List<Peeked> peekPending(String topicName, String groupName, int limit) {
        return engine.topics()
                .find(topicName)
                .flatMap(topic -> topic.group(groupName))
                .map(group -> pending(group, limit))
                .orElse(List.of());
    }

    private List<Peeked> pending(Group group, int limit) {
        AckSet settled = group.state().settled();
        return peek(group.topic(), settled.floor(), limit, position -> !settled.contains(position));
    }

    private List<Peeked> peek(Topic topic, long from, int limit, LongPredicate wanted) {
        var peeked = new Peek(topic, limit, wanted);
        LogReader reader = topic.stream().reader(from);
        while (peeked.messages.size() < limit && reader.read(limit, 1 << 20, peeked) > 0) {}
        return peeked.messages;
    }

    /** Collects messages that are not out of date. */
    private final class Peek implements RecordConsumer {
        private final Topic topic;
        private final int limit;
        private final LongPredicate wanted;
        private final List<Peeked> messages = new ArrayList<>();

        Peek(Topic topic, int limit, LongPredicate wanted) {
            this.topic = topic;
            this.limit = limit;
            this.wanted = wanted;
        }

        @Override
        public void record(long position, long wallMillis, ByteBuffer bytes) {
            boolean shown =
                    messages.size() < limit
                            && wanted.test(position)
                            && !MessageCodec.isExpired(bytes, engine.clock().now());
            if (shown) {
                StoredMessage message = new StoredMessage(topic, position, bytes);
                messages.add(new Peeked(message, message.position()));
            }
        }

        @Override
        public void damaged(Damage damage) {}
    }

    @Override
    public long purge(String topicName) {
        return engine.topics().find(topicName).map(this::purge).orElse(0L);
    }

    private long purge(Topic topic) {
        LogStream stream = topic.stream();
        long first = stream.first();
        long end = stream.end();
        stream.trim(end);
        long[] all = {0, end};
        for (Group group : topic.groups().values()) {
            engine.stateLog().append(new StateRecord.Settled(group.state().number(), all));
        }
        // What is appended now is stored after all this.
        StateLog.await(
                "The purge of topic '%s'".formatted(topic.name()),
                engine.stateLog().append(new StateRecord.Running(false)));
        return Math.max(0, end - first);
    }

    @Override
    public void deleteTopic(String topic) {
        StateLog.await("The end of topic '%s'".formatted(topic), engine.topics().delete(topic));
    }

    @Override
    public void deleteGroup(String topic, String group) {
        StateLog.await(
                "The end of group '%s'".formatted(group),
                engine.topics().deleteGroup(topic, group));
    }
}
