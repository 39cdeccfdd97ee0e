// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;

/** What a reference broker can do, by what it settles. */
final class ReferenceCapabilities {

    private static final Capabilities NONE =
            Capabilities.of(ReferenceProvider.NAME)
                    .withNative(
                            Capability.HEADERS,
                            Capability.KEYS,
                            Capability.PATTERNS,
                            Capability.COMPETING_CONSUMERS);

    private static final Capabilities FLOOR =
            NONE.withNative(
                    Capability.DURABLE,
                    Capability.STORED_CONFIRMATION,
                    Capability.GROUPS,
                    Capability.REPLAY,
                    Capability.REPLAY_FROM_POSITION,
                    Capability.REPLAY_FROM_TIME,
                    Capability.CONFIRMED_ACK,
                    Capability.TIME_TO_LIVE,
                    Capability.ADMINISTRATION);

    private static final Capabilities MESSAGE =
            FLOOR.withNative(
                    Capability.DEDUPLICATION,
                    Capability.DELAY,
                    Capability.PRIORITY,
                    Capability.COMPARABLE_POSITIONS,
                    Capability.GIVE_BACK,
                    Capability.GIVE_BACK_LATER,
                    Capability.EXTEND_LEASE,
                    Capability.COUNTS_ATTEMPTS);

    private ReferenceCapabilities() {}

    static Capabilities of(ReferenceSettings settings) {
        Capabilities capabilities =
                switch (settings.settleUnit()) {
                    case NONE -> NONE;
                    case FLOOR -> FLOOR;
                    case MESSAGE -> MESSAGE;
                };
        if (settings.ownReplies()) {
            capabilities = capabilities.withNative(Capability.REQUEST_REPLY);
        }
        for (Capability lacking : settings.without()) {
            capabilities =
                    capabilities.without(lacking, "use a reference broker that is not without it");
        }
        return capabilities;
    }
}
