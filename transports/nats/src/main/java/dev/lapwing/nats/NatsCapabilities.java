// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;

/** What NATS can do by itself in each mode, and what to use for the rest. */
final class NatsCapabilities {

    private static final String KEEPS = "leave out ?mode=core: JetStream keeps messages";

    private NatsCapabilities() {}

    static Capabilities jetStream(NatsSettings settings) {
        Capabilities all =
                Capabilities.of(NatsProvider.NAME)
                        .withNative(
                                Capability.DURABLE,
                                Capability.STORED_CONFIRMATION,
                                Capability.DEDUPLICATION,
                                Capability.HEADERS,
                                Capability.KEYS,
                                Capability.PATTERNS,
                                Capability.GROUPS,
                                Capability.REPLAY,
                                Capability.REPLAY_FROM_POSITION,
                                Capability.REPLAY_FROM_TIME,
                                Capability.COMPARABLE_POSITIONS,
                                Capability.GIVE_BACK,
                                Capability.GIVE_BACK_LATER,
                                Capability.EXTEND_LEASE,
                                Capability.COUNTS_ATTEMPTS,
                                Capability.CONFIRMED_ACK,
                                Capability.REQUEST_REPLY,
                                Capability.ADMINISTRATION)
                        .without(
                                Capability.ASSIGNED_IDS,
                                "give messages ids, or let the runtime do it")
                        .without(
                                Capability.DELAY,
                                "let the handler answer with retryAfter, which NATS keeps for that"
                                        + " time")
                        .without(
                                Capability.TIME_TO_LIVE,
                                "give the stream a limit with ?max-age, for all its messages")
                        .without(
                                Capability.PRIORITY,
                                "publish urgent messages to a topic of their own")
                        .without(
                                Capability.DEAD_LETTERS,
                                "reject through the API, which keeps dead letters in a topic");
        return settings.store().memory()
                ? all.without(Capability.DURABLE, "leave out ?storage=memory")
                : all;
    }

    static Capabilities core() {
        Capabilities all =
                Capabilities.of("nats core")
                        .withNative(
                                Capability.HEADERS,
                                Capability.KEYS,
                                Capability.PATTERNS,
                                Capability.COMPETING_CONSUMERS,
                                Capability.REQUEST_REPLY);
        for (Capability capability : Capability.values()) {
            if (!all.has(capability)) {
                all = all.without(capability, KEEPS);
            }
        }
        return all.without(Capability.DELAY, "publish when it is time")
                .without(Capability.PRIORITY, "publish urgent messages to a topic of their own")
                .without(Capability.ASSIGNED_IDS, "give those messages ids that need them")
                .without(
                        Capability.TIME_TO_LIVE,
                        "leave it out: a message that nobody awaits is gone at once");
    }
}
