// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.spi.TransportOption;

import java.util.List;

/** The options of an {@code amqp} URI. */
final class RabbitOptions {
    static final String EXCHANGE = "exchange";
    static final String EXCHANGE_TYPE = "exchange-type";
    static final String MATCH = "match";
    static final String QUEUE = "queue";
    static final String QUEUE_TYPE = "queue-type";
    static final String DURABLE = "durable";
    static final String EXCLUSIVE = "exclusive";
    static final String AUTO_DELETE = "auto-delete";
    static final String MAX_LENGTH = "max-length";
    static final String MAX_LENGTH_BYTES = "max-length-bytes";
    static final String OVERFLOW = "overflow";
    static final String MESSAGE_TTL = "message-ttl";
    static final String EXPIRES = "expires";
    static final String MAX_PRIORITY = "max-priority";
    static final String DEAD_LETTER_EXCHANGE = "dead-letter-exchange";
    static final String DEAD_LETTER_ROUTING_KEY = "dead-letter-routing-key";
    static final String DELIVERY_LIMIT = "delivery-limit";
    static final String SINGLE_ACTIVE_CONSUMER = "single-active-consumer";
    static final String ARGUMENTS = "arguments";
    static final String DECLARE = "declare";
    static final String CHANNELS = "channels";
    static final String HEARTBEAT = "heartbeat";
    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String BLOCKED_TIMEOUT = "blocked-timeout";
    static final String CA = "ca";
    static final String MANAGEMENT = "management";

    private static final String YES_NO = "true | false";

    static final List<TransportOption> ALL =
            List.of(
                    new TransportOption(
                            EXCHANGE,
                            "an exchange's name, or nothing for the default exchange",
                            "amq.topic",
                            "The exchange that topics are routing keys of; on the default exchange"
                                    + " a topic is a queue."),
                    new TransportOption(
                            EXCHANGE_TYPE,
                            "topic | direct | fanout | headers",
                            "topic",
                            "The kind of the exchange."),
                    new TransportOption(
                            MATCH,
                            "name=value,…",
                            "",
                            "What a headers exchange matches for this connection's queues; x-match"
                                    + " is all or any."),
                    new TransportOption(
                            QUEUE,
                            "a queue's name",
                            "<topic>.<group>",
                            "The queue that groups consume from."),
                    new TransportOption(
                            QUEUE_TYPE, "classic | quorum", "classic", "The type of the queues."),
                    new TransportOption(
                            DURABLE, YES_NO, "true", "Whether queues and exchange are durable."),
                    new TransportOption(
                            EXCLUSIVE,
                            YES_NO,
                            "false",
                            "Whether the queues of groups belong to this connection alone."),
                    new TransportOption(
                            AUTO_DELETE,
                            YES_NO,
                            "false",
                            "Whether the queues of groups go with their last consumer."),
                    new TransportOption(
                            MAX_LENGTH, "a number", "", "How many messages a queue holds."),
                    new TransportOption(
                            MAX_LENGTH_BYTES, "a size such as 64MiB", "", "What a queue holds."),
                    new TransportOption(
                            OVERFLOW,
                            "drop-head | reject-publish | reject-publish-dlx",
                            "",
                            "What a full queue does; reject-publish refuses what is published."),
                    new TransportOption(
                            MESSAGE_TTL,
                            "a duration such as 30s",
                            "",
                            "How long a queue keeps a message."),
                    new TransportOption(
                            EXPIRES,
                            "a duration such as 30m",
                            "",
                            "How long a queue lives that nobody uses."),
                    new TransportOption(
                            MAX_PRIORITY,
                            "1 to 255",
                            "",
                            "The highest priority of classic queues; 9 makes all of them work."),
                    new TransportOption(
                            DEAD_LETTER_EXCHANGE,
                            "an exchange's name, or nothing for the default exchange",
                            "",
                            "Where RabbitMQ puts what is rejected, expired or dropped; then"
                                    + " rejected messages go there and not to Lapwing's dead"
                                    + " letters."),
                    new TransportOption(
                            DEAD_LETTER_ROUTING_KEY,
                            "a routing key",
                            "the message's own",
                            "The routing key of what goes to the dead-letter exchange."),
                    new TransportOption(
                            DELIVERY_LIMIT,
                            "a number",
                            "",
                            "How often a quorum queue delivers a message again."),
                    new TransportOption(
                            SINGLE_ACTIVE_CONSUMER,
                            YES_NO,
                            "false",
                            "Whether one consumer of a queue gets everything while it lives."),
                    new TransportOption(
                            ARGUMENTS,
                            "name=value,…",
                            "",
                            "More arguments of the queues; whole numbers, true and false are sent"
                                    + " as such."),
                    new TransportOption(
                            DECLARE,
                            YES_NO,
                            "true",
                            "Whether exchange, queues and bindings are made; false uses what is"
                                    + " there."),
                    new TransportOption(
                            CHANNELS,
                            "1 to 64",
                            "4",
                            "How many channels publish; the messages of a topic use the same one."),
                    new TransportOption(
                            HEARTBEAT,
                            "a duration from 1s to 1h",
                            "10s",
                            "How often both sides show that they live."),
                    new TransportOption(
                            CONNECT_TIMEOUT,
                            "a duration",
                            "5s",
                            "How long connecting, and an answer of the broker, may take."),
                    new TransportOption(
                            BLOCKED_TIMEOUT,
                            "a duration",
                            "10s",
                            "How long a publish waits while RabbitMQ blocks publishers, before it"
                                    + " is refused."),
                    new TransportOption(
                            CA, "a file", "the system's", "The CA certificates to trust, as PEM."),
                    new TransportOption(
                            MANAGEMENT,
                            "http://user:password@host:15672",
                            "",
                            "The management API, for administration; without user the one of this"
                                    + " URI."));

    private RabbitOptions() {}
}
