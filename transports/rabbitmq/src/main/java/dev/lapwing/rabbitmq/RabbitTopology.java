// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Channel;

import dev.lapwing.Capability;
import dev.lapwing.TopicConflictException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.ReservedNames;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Declares exchange, queues and bindings, with the settings of a connection. */
final class RabbitTopology {
    private final RabbitSettings settings;
    private final RabbitNames names;

    RabbitTopology(RabbitSettings settings) {
        this.settings = settings;
        this.names = new RabbitNames(settings);
    }

    RabbitNames names() {
        return names;
    }

    /** The exchange, for errors. */
    String exchangeName() {
        return "Exchange '%s'".formatted(settings.exchange().name());
    }

    /** Declares the exchange, on a channel of its own. */
    void declareExchange(RabbitWires up) throws IOException {
        RabbitExchange exchange = settings.exchange();
        if (exchange.isPredeclared()) {
            return;
        }
        onChannel(
                up,
                channel -> {
                    if (settings.declares()) {
                        channel.exchangeDeclare(
                                exchange.name(), exchange.type(), settings.queues().durable());
                    } else {
                        channel.exchangeDeclarePassive(exchange.name());
                    }
                });
    }

    private interface Step {
        void on(Channel channel) throws IOException;
    }

    private static void onChannel(RabbitWires up, Step step) throws IOException {
        Channel channel = up.publishing().createChannel();
        if (channel == null) {
            throw new IOException("the connection has no channel left");
        }
        try {
            step.on(channel);
        } finally {
            close(channel);
        }
    }

    private static void close(Channel channel) throws IOException {
        if (channel.isOpen()) {
            try {
                channel.close();
            } catch (TimeoutException e) {
                throw new IOException("no answer in time", e);
            }
        }
    }

    /** Whether messages of a topic can be sent only when its queue is there. */
    boolean needsQueueFirst(String topic) {
        return settings.declares()
                && (settings.exchange().isDefault() || ReservedNames.isDeadLetters(topic));
    }

    /** Makes the queue of a topic that needs one before its first message. */
    void prepare(RabbitWires up, String topic) throws IOException {
        String queue = names.queue(topic, ReservedNames.REDRIVE_GROUP);
        if (settings.exchange().isDefault() && exists(up, queue)) {
            return;
        }
        onChannel(
                up,
                channel -> {
                    declare(channel, topic, queue);
                    bind(channel, topic, queue);
                });
    }

    /** Whether there is such a queue, with whatever settings. */
    boolean exists(RabbitWires up, String queue) throws IOException {
        try {
            onChannel(up, channel -> channel.queueDeclarePassive(queue));
            return true;
        } catch (IOException e) {
            if (RabbitErrors.isFinal(e)) {
                return false;
            }
            throw e;
        }
    }

    /** The queue of a request, for errors. */
    String queueName(ReceiverRequest request) {
        String topics = request.topics().toString();
        return request.group()
                .map(group -> "Queue '%s'".formatted(names.queue(topics, group)))
                .orElse("A queue for topic '%s'".formatted(topics));
    }

    /**
     * Checks that a queue which is one group by itself is asked for by its own name.
     *
     * @throws TopicConflictException if it is asked for by another
     */
    void check(ReceiverRequest request) {
        String topics = request.topics().toString();
        if (request.group().isEmpty() || ReservedNames.isDeadLetters(topics)) {
            return;
        }
        String group = request.group().get();
        String queue = names.queue(topics, group);
        boolean isPlain = settings.exchange().isDefault() || settings.queues().name().isPresent();
        if (isPlain && !queue.equals(group)) {
            throw new TopicConflictException(
                    "Group '%s' cannot be had on queue '%s': the queue is one group, and its consumers share its messages. Subscribe in group '%s', or use an exchange and no queue in the URI, so that each group has a queue of its own"
                            .formatted(group, queue, queue));
        }
    }

    /** Declares and binds the queue of a request; returns its name. */
    String declare(Channel channel, ReceiverRequest request) throws IOException {
        String topics = request.topics().toString();
        if (request.group().isEmpty()) {
            return declareAlone(channel, topics);
        }
        String queue = names.queue(topics, request.group().get());
        if (settings.declares()) {
            declare(channel, topics, queue);
            bind(channel, topics, queue);
        } else {
            channel.queueDeclarePassive(queue);
        }
        return queue;
    }

    private String declareAlone(Channel channel, String topics) throws IOException {
        if (settings.exchange().isDefault()) {
            throw new UnsupportedCapabilityException(
                    RabbitProvider.NAME,
                    Capability.PATTERNS,
                    "on the default exchange the consumers of queue '%s' share its messages: subscribe in a group, or use an exchange"
                            .formatted(topics));
        }
        var arguments = new HashMap<String, Object>();
        Object priorities = settings.queues().arguments().get("x-max-priority");
        if (priorities != null) {
            arguments.put("x-max-priority", priorities);
        }
        String queue = channel.queueDeclare("", false, true, true, arguments).getQueue();
        bind(channel, topics, queue);
        return queue;
    }

    private void declare(Channel channel, String topics, String queue) throws IOException {
        RabbitQueues queues = settings.queues();
        boolean dead = ReservedNames.isDeadLetters(topics);
        Map<String, Object> arguments = dead ? new HashMap<>() : new HashMap<>(queues.arguments());
        if (queues.quorum()) {
            arguments.put("x-queue-type", "quorum");
        }
        channel.queueDeclare(
                queue,
                dead || queues.durable(),
                !dead && queues.exclusive(),
                !dead && queues.autoDelete(),
                arguments);
    }

    private void bind(Channel channel, String topics, String queue) throws IOException {
        String exchange = names.exchange(topics);
        if (!exchange.isEmpty()) {
            channel.queueBind(
                    queue, exchange, RabbitNames.bindingKey(topics), settings.exchange().match());
        }
    }
}
