// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Administration;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;

import io.nats.client.PurgeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamInfoOptions;
import io.nats.client.api.Subject;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Topics and groups of JetStream. A topic is a subject that has messages, or that a group waits
 * for; a group is a durable consumer with exactly that subject, or a pattern that matches it.
 */
final class NatsAdministration implements Administration {

    /** Up to so many topics, each is asked for its first and its last position. */
    private static final int FEW = 1_000;

    private final NatsStreams streams;
    private final NatsConsumers consumers;
    private final NatsPeek peek;

    NatsAdministration(NatsLink link, NatsStreams streams) {
        this.streams = streams;
        consumers = new NatsConsumers(streams);
        peek = new NatsPeek(link, consumers);
    }

    /** How many messages of a subject are where. */
    private record Counted(String stream, long messages) {}

    @Override
    public List<TopicInfo> topics() {
        Map<String, Counted> found = new TreeMap<>();
        for (String stream : all()) {
            count(stream, ">", found);
        }
        boolean few = found.size() <= FEW;
        var topics = new ArrayList<TopicInfo>();
        found.forEach((name, counted) -> topics.add(describe(name, counted, few)));
        return topics;
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        Map<String, Counted> found = new TreeMap<>();
        for (String stream : streams.find(name)) {
            count(stream, name, found);
        }
        return Optional.ofNullable(found.get(name)).map(counted -> describe(name, counted, true));
    }

    private List<String> all() {
        return streams.call("The streams", () -> streams.management().getStreamNames()).stream()
                .filter(NatsAdministration::isOfTopics)
                .toList();
    }

    private static boolean isOfTopics(String stream) {
        return !stream.startsWith("KV_")
                && !stream.startsWith("OBJ_")
                && !stream.equals(NatsUntried.STREAM);
    }

    private void count(String stream, String filter, Map<String, Counted> found) {
        StreamInfo info =
                streams.call(
                        "Stream '" + stream + "'",
                        () ->
                                streams.management()
                                        .getStreamInfo(
                                                stream, StreamInfoOptions.filterSubjects(filter)));
        List<Subject> subjects = info.getStreamState().getSubjects();
        for (Subject subject : subjects == null ? List.<Subject>of() : subjects) {
            found.put(subject.getName(), new Counted(stream, subject.getCount()));
        }
        TopicPattern wanted = TopicPattern.parse(filter);
        for (ConsumerInfo consumer : durables(stream)) {
            String topic = filter(consumer);
            boolean named = !topic.isEmpty() && !topic.contains("*") && !topic.contains(">");
            if (named && (filter.equals(">") || wanted.matches(topic))) {
                found.putIfAbsent(topic, new Counted(stream, 0));
            }
        }
    }

    private TopicInfo describe(String name, Counted counted, boolean positions) {
        boolean empty = counted.messages() == 0 || !positions;
        Optional<Position> none = Optional.empty();
        return new TopicInfo(
                name,
                counted.messages(),
                -1,
                empty ? none : first(counted.stream(), name),
                empty ? none : last(counted.stream(), name));
    }

    private Optional<Position> first(String stream, String topic) {
        return peek.position(stream, "{\"seq\":1,\"next_by_subj\":\"%s\"}", topic);
    }

    private Optional<Position> last(String stream, String topic) {
        return peek.position(stream, "{\"last_by_subj\":\"%s\"}", topic);
    }

    private List<ConsumerInfo> durables(String stream) {
        return streams
                .call(
                        "The consumers of stream '" + stream + "'",
                        () -> streams.management().getConsumers(stream))
                .stream()
                .filter(consumer -> consumer.getConsumerConfiguration().getDurable() != null)
                .toList();
    }

    private static String filter(ConsumerInfo consumer) {
        ConsumerConfiguration configuration = consumer.getConsumerConfiguration();
        List<String> filters = configuration.getFilterSubjects();
        return filters == null || filters.isEmpty() ? "" : filters.getFirst();
    }

    @Override
    public List<GroupInfo> groups(String topic) {
        var groups = new ArrayList<GroupInfo>();
        for (String stream : streams.find(topic)) {
            for (ConsumerInfo consumer : durables(stream)) {
                if (filter(consumer).equals(topic)) {
                    groups.add(describe(consumer));
                }
            }
        }
        groups.sort(Comparator.comparing(GroupInfo::name));
        return groups;
    }

    private static GroupInfo describe(ConsumerInfo consumer) {
        long unsettled = consumer.getNumAckPending();
        return new GroupInfo(
                NatsConsumers.groupOf(consumer),
                consumer.getNumPending() + unsettled,
                unsettled,
                -1);
    }

    @Override
    public List<Peeked> peek(String topic, StartAt start, int limit) {
        if (start instanceof StartAt.Now) {
            return List.of();
        }
        var found = new ArrayList<Peeked>();
        for (String stream : streams.find(topic)) {
            found.addAll(peek.read(stream, topic, start, limit - found.size()));
        }
        return found;
    }

    /**
     * What lies behind everything that is settled. A message that was settled out of turn is among
     * it, as NATS does not tell which those are, unless all that was delivered is settled.
     */
    @Override
    public List<Peeked> peekPending(String topic, String group, int limit) {
        for (String stream : streams.find(topic)) {
            Optional<ConsumerInfo> consumer =
                    consumers.find(stream, NatsNames.durable(group, topic));
            if (consumer.isPresent()) {
                return pending(stream, topic, consumer.get(), limit);
            }
        }
        return List.of();
    }

    private List<Peeked> pending(String stream, String topic, ConsumerInfo consumer, int limit) {
        long floor =
                consumer.getNumAckPending() == 0
                        ? consumer.getDelivered().getStreamSequence()
                        : consumer.getAckFloor().getStreamSequence();
        StartAt behind =
                floor == 0 ? StartAt.earliest() : StartAt.after(NatsDelivery.position(floor));
        long lag = consumer.getNumPending() + consumer.getNumAckPending();
        return lag == 0 ? List.of() : peek.read(stream, topic, behind, limit);
    }

    @Override
    public long purge(String topic) {
        long purged = 0;
        for (String stream : streams.find(topic)) {
            purged +=
                    streams.call(
                                    "The purge of topic '" + topic + "'",
                                    () ->
                                            streams.management()
                                                    .purgeStream(
                                                            stream, PurgeOptions.subject(topic)))
                            .getPurged();
        }
        return purged;
    }

    /** Removes its messages and its groups; the stream stays for other topics, if there are any. */
    @Override
    public void deleteTopic(String topic) {
        for (String stream : streams.find(topic)) {
            for (ConsumerInfo consumer : durables(stream)) {
                if (filter(consumer).equals(topic)) {
                    consumers.delete(stream, consumer.getName());
                }
            }
        }
        long unused = purge(topic);
    }

    @Override
    public void deleteGroup(String topic, String group) {
        for (String stream : streams.find(topic)) {
            consumers.delete(stream, NatsNames.durable(group, topic));
        }
    }
}
