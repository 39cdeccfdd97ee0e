// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;

import dev.lapwing.Administration;
import dev.lapwing.StartAt;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;

/**
 * Topics and groups over the management API, which knows the bindings, and over AMQP, which knows
 * how many messages are ready this very moment. A topic is what a queue is bound to; a group is
 * such a queue.
 */
final class RabbitAdministration implements Administration {
    private final RabbitLink link;
    private final RabbitManagement management;
    private final RabbitNames names;
    private final Clock clock;

    RabbitAdministration(RabbitLink link, RabbitTopology topology, Clock clock) {
        this.link = link;
        this.management = new RabbitManagement(link.connector());
        this.names = topology.names();
        this.clock = clock;
    }

    /** A queue as it is now. */
    private record Level(String queue, long ready, int consumers) {}

    @Override
    public List<TopicInfo> topics() {
        var topics = new ArrayList<TopicInfo>();
        bound().forEach((topic, queues) -> topics.add(info(topic, queues)));
        return topics;
    }

    @Override
    public Optional<TopicInfo> topic(String name) {
        List<String> queues = queues(name);
        return queues.isEmpty() ? Optional.empty() : Optional.of(info(name, queues));
    }

    private TopicInfo info(String topic, List<String> queues) {
        long most = queues.stream().map(this::level).mapToLong(Level::ready).max().orElse(0);
        return new TopicInfo(topic, most, -1, Optional.empty(), Optional.empty());
    }

    /** The queues that are there to stay, by the topic or pattern that they are bound to. */
    private Map<String, List<String>> bound() {
        var bound = new TreeMap<String, List<String>>();
        for (RabbitManagement.Bound each : management.bound(names)) {
            bound.computeIfAbsent(each.topics(), any -> new ArrayList<>()).add(each.queue());
        }
        bound.values().forEach(queues -> queues.sort(null));
        return bound;
    }

    private List<String> queues(String topic) {
        return bound().getOrDefault(topic, List.of());
    }

    @Override
    public List<GroupInfo> groups(String topic) {
        return queues(topic).stream()
                .map(queue -> group(topic, queue))
                .sorted(java.util.Comparator.comparing(GroupInfo::name))
                .toList();
    }

    private GroupInfo group(String topic, String queue) {
        Level now = level(queue);
        // The management API's figures are some seconds old; without a consumer it is surely none.
        long unsettled = now.consumers() == 0 ? 0 : management.unsettled(queue);
        return new GroupInfo(
                names.group(topic, queue), now.ready() + unsettled, unsettled, now.consumers());
    }

    private Level level(String queue) {
        return ask(
                "Queue '%s'".formatted(queue),
                channel -> {
                    try {
                        AMQP.Queue.DeclareOk told = channel.queueDeclarePassive(queue);
                        return new Level(queue, told.getMessageCount(), told.getConsumerCount());
                    } catch (IOException e) {
                        if (RabbitErrors.isFinal(e)) {
                            return new Level(queue, 0, 0);
                        }
                        throw e;
                    }
                });
    }

    @Override
    public List<Peeked> peek(String topic, StartAt start, int limit) {
        if (start instanceof StartAt.Now) {
            return List.of();
        }
        return queues(topic).stream()
                .map(this::level)
                .max(java.util.Comparator.comparingLong(Level::ready))
                .map(fullest -> look(topic, fullest.queue(), limit))
                .orElse(List.of());
    }

    @Override
    public List<Peeked> peekPending(String topic, String group, int limit) {
        return queue(topic, group).map(queue -> look(topic, queue, limit)).orElse(List.of());
    }

    private Optional<String> queue(String topic, String group) {
        return queues(topic).stream()
                .filter(queue -> names.group(topic, queue).equals(group))
                .findFirst();
    }

    /** Gets messages and gives them back at once, all together. */
    private List<Peeked> look(String topic, String queue, int limit) {
        return ask(
                "Queue '%s'".formatted(queue),
                channel -> {
                    var seen = new ArrayList<Peeked>();
                    long last = 0;
                    for (GetResponse next = get(channel, queue, limit);
                            next != null;
                            next = get(channel, queue, limit - seen.size())) {
                        last = next.getEnvelope().getDeliveryTag();
                        String key = next.getEnvelope().getRoutingKey();
                        seen.add(
                                new Peeked(
                                        new RabbitMessage(
                                                key.isEmpty() ? topic : key,
                                                next.getProps(),
                                                next.getBody(),
                                                clock.millis()),
                                        Optional.empty()));
                    }
                    if (last > 0) {
                        channel.basicNack(last, true, true);
                    }
                    return seen;
                });
    }

    private static @Nullable GetResponse get(Channel channel, String queue, int left)
            throws IOException {
        return left <= 0 ? null : channel.basicGet(queue, false);
    }

    @Override
    public long purge(String topic) {
        long most = 0;
        for (String queue : queues(topic)) {
            long purged =
                    ask(
                            "Queue '%s'".formatted(queue),
                            channel -> (long) channel.queuePurge(queue).getMessageCount());
            most = Math.max(most, purged);
        }
        return most;
    }

    @Override
    public void deleteTopic(String topic) {
        queues(topic).forEach(this::delete);
    }

    @Override
    public void deleteGroup(String topic, String group) {
        queue(topic, group).ifPresent(this::delete);
    }

    private void delete(String queue) {
        ask("Queue '%s'".formatted(queue), channel -> channel.queueDelete(queue).getMessageCount());
    }

    private interface Question<T> {
        T on(Channel channel) throws IOException;
    }

    /** Asks on a channel of its own: a refusal ends it. */
    private <T> T ask(String what, Question<T> question) {
        return link.with(
                what,
                up -> {
                    Channel channel = up.publishing().createChannel();
                    if (channel == null) {
                        throw new IOException("the connection has no channel left");
                    }
                    T answer = question.on(channel);
                    if (channel.isOpen()) {
                        try {
                            channel.close();
                        } catch (TimeoutException e) {
                            throw new IOException("no answer in time", e);
                        }
                    }
                    return answer;
                });
    }
}
