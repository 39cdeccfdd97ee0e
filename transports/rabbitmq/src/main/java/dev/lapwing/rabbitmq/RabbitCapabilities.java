// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;

/** What RabbitMQ does by itself with the settings of a connection, and what to use for the rest. */
final class RabbitCapabilities {
    private RabbitCapabilities() {}

    static Capabilities of(RabbitSettings settings) {
        Capabilities table =
                Capabilities.of(RabbitProvider.NAME)
                        .withNative(
                                Capability.STORED_CONFIRMATION,
                                Capability.HEADERS,
                                Capability.KEYS,
                                Capability.TIME_TO_LIVE,
                                Capability.GROUPS,
                                Capability.GIVE_BACK,
                                Capability.REQUEST_REPLY);
        table = history(time(settling(table)));
        return given(settings, table);
    }

    private static Capabilities history(Capabilities table) {
        String instead =
                "a queue keeps what its group has not settled and nothing else; use kafka: or"
                        + " embedded: for a topic with a history";
        return table.without(Capability.REPLAY, instead)
                .without(Capability.REPLAY_FROM_POSITION, instead)
                .without(Capability.REPLAY_FROM_TIME, instead)
                .without(
                        Capability.COMPARABLE_POSITIONS,
                        "messages of a queue have no position; put a number of your own into a"
                                + " header")
                .without(
                        Capability.DEDUPLICATION,
                        "let handlers ignore a message id that they have handled")
                .without(Capability.ASSIGNED_IDS, "leave the id out, and the connection gives one");
    }

    private static Capabilities time(Capabilities table) {
        return table.without(
                        Capability.DELAY, "publish it later, or let the handler answer retryAfter")
                .without(Capability.PRIORITY, "add max-priority=9 to the URI, with classic queues");
    }

    private static Capabilities settling(Capabilities table) {
        return table.without(
                        Capability.GIVE_BACK_LATER,
                        "retry through the API, which holds the message for its pause")
                .without(
                        Capability.EXTEND_LEASE,
                        "a delivery has no lease; the broker's consumer_timeout, 30 minutes, closes"
                                + " the channel of a handler that takes longer")
                .without(
                        Capability.COUNTS_ATTEMPTS,
                        "RabbitMQ counts deliveries at the most, also of what was given back"
                                + " untried; attempts are counted within this process, and"
                                + " delivery-limit bounds a quorum queue's deliveries")
                .without(
                        Capability.CONFIRMED_ACK,
                        "RabbitMQ never confirms an acknowledgement; let handlers be idempotent")
                .without(
                        Capability.DEAD_LETTERS,
                        "reject through the API, which keeps dead letters in a queue, or add"
                                + " dead-letter-exchange to the URI");
    }

    private static Capabilities given(RabbitSettings settings, Capabilities before) {
        Capabilities table = before;
        RabbitQueues queues = settings.queues();
        boolean stays = queues.durable() && !queues.exclusive() && !queues.autoDelete();
        table =
                stays
                        ? table.withNative(Capability.DURABLE)
                        : table.without(
                                Capability.DURABLE,
                                "take durable=false, exclusive and auto-delete out of the URI");
        table =
                settings.exchange().hasPatterns()
                        ? table.withNative(Capability.PATTERNS)
                        : table.without(
                                Capability.PATTERNS, "use an exchange with exchange-type=topic");
        if (queues.hasPriorities()) {
            table = table.withNative(Capability.PRIORITY);
        }
        if (queues.hasDeadLetterExchange()) {
            table = table.withNative(Capability.DEAD_LETTERS);
        }
        return settings.management().isPresent()
                ? table.withNative(Capability.ADMINISTRATION)
                : table.without(
                        Capability.ADMINISTRATION,
                        "add management=http://host:15672 to the URI, the address of the"
                                + " management plugin");
    }
}
