// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static dev.lapwing.Capability.*;

import dev.lapwing.Capabilities;

/** What Kafka does by itself, and what to use for the rest. */
final class KafkaCapabilities {

    static final Capabilities TABLE =
            Capabilities.of(KafkaProvider.NAME)
                    .withNative(
                            DURABLE,
                            STORED_CONFIRMATION,
                            HEADERS,
                            KEYS,
                            PATTERNS,
                            GROUPS,
                            REPLAY,
                            REPLAY_FROM_POSITION,
                            REPLAY_FROM_TIME,
                            CONFIRMED_ACK,
                            ASSIGNED_IDS,
                            ADMINISTRATION)
                    .without(
                            DEDUPLICATION,
                            "Kafka drops only what one producer resends by itself; handle each id"
                                    + " once in the handler, or publish over embedded: or nats:")
                    .without(
                            DELAY,
                            "let the handler answer Outcome.retryAfter(time), or publish over"
                                    + " embedded: or rabbitmq:")
                    .without(
                            TIME_TO_LIVE,
                            "set retention.ms of the topic, or compare the timestamp in the"
                                    + " handler")
                    .without(PRIORITY, "use one topic for each priority, or rabbitmq:")
                    .without(
                            COMPARABLE_POSITIONS,
                            "compare timestamps; a position is one offset for each partition")
                    .without(DEAD_LETTERS, "Lapwing writes the topic _dead.<group>.<topic>")
                    .without(REQUEST_REPLY, "Lapwing sends replies over a topic of their own")
                    .without(COMPETING_CONSUMERS, "groups have a memory here: use a group")
                    .without(GIVE_BACK, "what is not acked when the receiver closes comes again")
                    .without(GIVE_BACK_LATER, "Lapwing holds it while its partition's floor waits")
                    .without(
                            EXTEND_LEASE,
                            "not needed: polling goes on however long a handler takes")
                    .without(COUNTS_ATTEMPTS, "attempts are counted in this process only");

    /** The same with share groups, which settle single messages. */
    static final Capabilities SHARE =
            TABLE.withNative(GIVE_BACK, EXTEND_LEASE)
                    .without(GIVE_BACK_LATER, "Lapwing holds it, and renews its lease meanwhile")
                    .without(
                            COUNTS_ATTEMPTS,
                            "Kafka counts deliveries, those given back untried included; attempts"
                                    + " are counted in this process");

    private KafkaCapabilities() {}

    static Capabilities of(KafkaSettings settings) {
        return settings.sharesGroups() ? SHARE : TABLE;
    }
}
