// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.UnsupportedCapabilityException;

import java.util.Optional;

/** What streams and channels can do by themselves, and what to use for the rest. */
final class RedisCapabilities {
    private RedisCapabilities() {}

    /**
     * What streams can do.
     *
     * @param mayLose why what is stored may not survive a crash; empty where it does
     */
    static Capabilities streams(boolean dedupes, Optional<String> mayLose) {
        Capabilities table =
                Capabilities.of(RedisProvider.NAME)
                        .withNative(
                                Capability.DURABLE,
                                Capability.STORED_CONFIRMATION,
                                Capability.HEADERS,
                                Capability.KEYS,
                                Capability.GROUPS,
                                Capability.REPLAY,
                                Capability.REPLAY_FROM_POSITION,
                                Capability.REPLAY_FROM_TIME,
                                Capability.GIVE_BACK,
                                Capability.EXTEND_LEASE,
                                Capability.COUNTS_ATTEMPTS,
                                Capability.CONFIRMED_ACK,
                                Capability.ADMINISTRATION)
                        .without(
                                Capability.DELAY,
                                "publish when it is time, or use embedded: or lapwing://")
                        .without(
                                Capability.TIME_TO_LIVE,
                                "set max-age in the URI, which trims each topic by age, or let the"
                                        + " handler look at the message's time")
                        .without(
                                Capability.PRIORITY,
                                "publish urgent messages to a topic of their own")
                        .without(
                                Capability.PATTERNS,
                                "subscribe to each topic, or use ?mode=pubsub, whose channels have"
                                        + " patterns and keep nothing")
                        .without(
                                Capability.COMPARABLE_POSITIONS,
                                "compare the two numbers of a position, which are milliseconds and"
                                        + " a counter, by yourself")
                        .without(
                                Capability.GIVE_BACK_LATER,
                                "hold the delivery and renew its lease, as the API does")
                        .without(
                                Capability.DEAD_LETTERS,
                                "reject through the API, which keeps dead letters in a topic")
                        .without(
                                Capability.REQUEST_REPLY,
                                "ask through the API, which awaits replies on a topic");
        table =
                dedupes
                        ? table.withNative(Capability.DEDUPLICATION)
                                .without(
                                        Capability.ASSIGNED_IDS,
                                        "leave dedupe-window out of the URI; with it ids are given"
                                                + " before sending")
                        : table.withNative(Capability.ASSIGNED_IDS)
                                .without(
                                        Capability.DEDUPLICATION,
                                        "set dedupe-window in the URI, as in ?dedupe-window=2m");
        return mayLose.isPresent() ? table.without(Capability.DURABLE, mayLose.get()) : table;
    }

    /** What channels can do. */
    static Capabilities channels() {
        Capabilities table = Capabilities.of(RedisProvider.NAME + " Pub/Sub");
        for (Capability capability : Capability.values()) {
            table = table.without(capability, "use streams: leave mode=pubsub out of the URI");
        }
        return table.withNative(Capability.PATTERNS)
                .without(
                        Capability.HEADERS,
                        "put them into the payload, or use streams: leave mode=pubsub out of the"
                                + " URI")
                .without(
                        Capability.DELAY, "publish when it is time, or use embedded: or lapwing://")
                .without(
                        Capability.TIME_TO_LIVE,
                        "nothing is kept here: who listens hears at once or not at all")
                .without(Capability.PRIORITY, "publish urgent messages to a topic of their own");
    }

    static UnsupportedCapabilityException refusal(Capability capability) {
        return new UnsupportedCapabilityException(
                RedisProvider.NAME,
                capability,
                streams(false, Optional.empty()).entry(capability).note());
    }
}
