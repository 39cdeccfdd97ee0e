// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.UnsupportedCapabilityException;

/** What the log can do by itself, and what to use for the rest. */
final class EmbeddedCapabilities {
    private static final String DEAD_LETTERS =
            "reject through the API, which keeps dead letters in a topic";

    private EmbeddedCapabilities() {}

    static Capabilities of(String scheme) {
        Capabilities all =
                Capabilities.of(scheme)
                        .withNative(
                                Capability.DURABLE,
                                Capability.STORED_CONFIRMATION,
                                Capability.DEDUPLICATION,
                                Capability.ASSIGNED_IDS,
                                Capability.HEADERS,
                                Capability.KEYS,
                                Capability.DELAY,
                                Capability.TIME_TO_LIVE,
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
                                Capability.ADMINISTRATION)
                        .without(
                                Capability.PRIORITY,
                                "publish urgent messages to a topic of their own")
                        .without(Capability.DEAD_LETTERS, DEAD_LETTERS)
                        .without(
                                Capability.REQUEST_REPLY,
                                "ask through the API, which awaits replies on a topic");
        return scheme.equals(EmbeddedProvider.MEMORY)
                ? all.without(Capability.DURABLE, "use embedded:DIR, which is the same on disk")
                : all;
    }

    static UnsupportedCapabilityException noDeadLetters() {
        return new UnsupportedCapabilityException(
                "embedded", Capability.DEAD_LETTERS, DEAD_LETTERS);
    }
}
