// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.LapwingException;
import dev.lapwing.StartAt;
import dev.lapwing.log.Log;
import dev.lapwing.log.LogStream;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The topics and groups of an engine: makes and removes them. Its lock is the outermost of the
 * engine; finding what is there takes none.
 */
final class Topics {
    /** The name of the stream of delayed messages, which no topic can have. */
    static final String DELAYED_STREAM = "*delayed";

    /** How many deliveries of each group are marked first when the last run ended badly. */
    private static final int CAUTIOUS = 4096;

    private final Engine engine;
    private final Log log;
    private final EngineState state;
    private final Map<String, Topic> topics = new ConcurrentHashMap<>();
    private final Set<GroupReceiver> groupReceivers = new CopyOnWriteArraySet<>();
    private final Set<TailReceiver> tailReceivers = new CopyOnWriteArraySet<>();
    private final Set<PatternGroup> patterns;
    private final ReentrantLock lock = new ReentrantLock();
    private int lastNumber;

    Topics(Engine engine, Log log, EngineState state) {
        this.engine = engine;
        this.log = log;
        this.state = state;
        this.patterns = ConcurrentHashMap.newKeySet();
        patterns.addAll(state.patterns());
        lastNumber = state.highestNumber();
    }

    /** Makes what was there when the engine closed; the last run ended badly or not. */
    void restore(boolean badly) {
        Map<String, Integer> numbers = new HashMap<>();
        state.topics().forEach((number, name) -> numbers.put(name, number));
        for (LogStream stream : log.streams()) {
            String name = stream.name();
            if (!name.equals(DELAYED_STREAM)) {
                Integer number = numbers.remove(name);
                restore(stream, number != null ? number : register(name));
            }
        }
        // The log dropped the stream, and then there was no time to say so.
        numbers.values()
                .forEach(gone -> engine.stateLog().append(new StateRecord.TopicDropped(gone)));
        Map<Integer, Topic> byNumber = new HashMap<>();
        topics.values().forEach(topic -> byNumber.put(topic.number(), topic));
        for (GroupState group : state.groups()) {
            Topic topic = byNumber.get(group.topic());
            if (topic != null && group.number() != EngineState.DELAYED) {
                add(topic, group, CompletableFuture.completedFuture(null), badly ? CAUTIOUS : 0);
            }
        }
    }

    private Topic restore(LogStream stream, int number) {
        Topic topic = new Topic(number, stream.name(), stream, engine.name(), engine.threads());
        topics.put(topic.name(), topic);
        return topic;
    }

    private int register(String name) {
        int number = ++lastNumber;
        engine.stateLog().append(new StateRecord.TopicCreated(number, name));
        return number;
    }

    private Group add(
            Topic topic, GroupState state, CompletableFuture<Void> created, int cautious) {
        Group group = new Group(topic, state, created, engine, cautious);
        topic.groups().put(state.name(), group);
        return group;
    }

    Collection<Topic> all() {
        return topics.values();
    }

    Optional<Topic> find(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    /** The topic of this name; made if there is none. */
    Topic open(String name) {
        Topic known = topics.get(name);
        return known != null ? known : create(name);
    }

    private Topic create(String name) {
        lock.lock();
        try {
            Topic known = topics.get(name);
            if (known != null) {
                return known;
            }
            LogStream stream = log.create(name);
            Topic topic = new Topic(register(name), name, stream, engine.name(), engine.threads());
            // Groups and readers are in place before the first message can be.
            patterns.stream()
                    .filter(it -> it.pattern().matches(name))
                    .forEach(it -> group(topic, it.group(), () -> 0));
            joinReceivers(topic);
            topics.put(name, topic);
            return topic;
        } finally {
            lock.unlock();
        }
    }

    private void joinReceivers(Topic topic) {
        for (GroupReceiver receiver : groupReceivers) {
            if (receiver.request().topics().matches(topic.name())) {
                receiver.join(group(topic, receiver.request().group().orElseThrow(), () -> 0));
            }
        }
        for (TailReceiver receiver : tailReceivers) {
            if (receiver.request().topics().matches(topic.name())) {
                receiver.read(topic, 0);
            }
        }
    }

    private Group group(Topic topic, String name, LongSupplier start) {
        Group known = topic.groups().get(name);
        if (known != null) {
            return known;
        }
        GroupState fresh = new GroupState(++lastNumber, topic.number(), name, start.getAsLong());
        var created = engine.stateLog().append(new StateRecord.GroupCreated(fresh));
        return add(topic, fresh, created, 0);
    }

    /** Lets a receiver join its group, on every topic that matches; durable on return. */
    void join(GroupReceiver receiver) {
        String name = receiver.request().group().orElseThrow();
        StartAt start = receiver.request().start();
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        List<Group> joined = new ArrayList<>();
        lock.lock();
        try {
            for (Topic topic : matching(receiver.request().topics(), durable, name, start)) {
                Group group = group(topic, name, () -> Positions.start(topic, start));
                durable.add(group.created());
                joined.add(group);
            }
            joined.forEach(receiver::join);
            groupReceivers.add(receiver);
        } finally {
            lock.unlock();
        }
        try {
            StateLog.await(
                    "Group '%s'".formatted(name),
                    CompletableFuture.allOf(durable.toArray(CompletableFuture[]::new)));
        } catch (LapwingException e) {
            receiver.close();
            throw e;
        }
    }

    private List<Topic> matching(
            dev.lapwing.TopicPattern pattern,
            List<CompletableFuture<Void>> durable,
            String group,
            StartAt start) {
        if (!pattern.isPattern()) {
            return List.of(open(pattern.toString()));
        }
        Positions.checkForPattern(pattern, start);
        PatternGroup patternGroup = new PatternGroup(pattern, group);
        if (patterns.add(patternGroup)) {
            durable.add(engine.stateLog().append(new StateRecord.PatternJoined(patternGroup)));
        }
        return topics.values().stream().filter(topic -> pattern.matches(topic.name())).toList();
    }

    /** Lets a receiver without a group read every topic that matches. */
    void read(TailReceiver receiver) {
        var pattern = receiver.request().topics();
        StartAt start = receiver.request().start();
        lock.lock();
        try {
            if (pattern.isPattern()) {
                Positions.checkForPattern(pattern, start);
                topics.values().stream()
                        .filter(topic -> pattern.matches(topic.name()))
                        .forEach(topic -> receiver.read(topic, Positions.start(topic, start)));
            } else {
                Topic topic = open(pattern.toString());
                receiver.read(topic, Positions.start(topic, start));
            }
            tailReceivers.add(receiver);
        } finally {
            lock.unlock();
        }
    }

    void forget(GroupReceiver receiver) {
        groupReceivers.remove(receiver);
    }

    void forget(TailReceiver receiver) {
        tailReceivers.remove(receiver);
    }

    /** Tells every receiver that it is over. */
    void failAll(LapwingException cause) {
        groupReceivers.forEach(receiver -> receiver.failed(cause));
        tailReceivers.forEach(receiver -> receiver.failed(cause));
    }

    /** Removes a topic with its groups. */
    CompletableFuture<Void> delete(String name) {
        lock.lock();
        try {
            Topic topic = topics.remove(name);
            if (topic == null) {
                return CompletableFuture.completedFuture(null);
            }
            topic.stream().drop();
            var gone = engine.stateLog().append(new StateRecord.TopicDropped(topic.number()));
            List.copyOf(topic.readers()).forEach(Topic.Reader::deleted);
            return gone;
        } finally {
            lock.unlock();
        }
    }

    /** Removes a group from a topic; with a pattern for a topic, its place on topics to come. */
    CompletableFuture<Void> deleteGroup(String topicName, String name) {
        lock.lock();
        try {
            Group group = find(topicName).map(topic -> topic.groups().remove(name)).orElse(null);
            if (group == null) {
                return CompletableFuture.completedFuture(null);
            }
            var gone =
                    engine.stateLog().append(new StateRecord.GroupDropped(group.state().number()));
            group.drop("Group '%s' of topic '%s' was deleted".formatted(name, topicName));
            return gone;
        } finally {
            lock.unlock();
        }
    }
}
