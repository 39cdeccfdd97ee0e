// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static dev.lapwing.Capability.ASSIGNED_IDS;
import static dev.lapwing.Capability.COMPETING_CONSUMERS;
import static dev.lapwing.Capability.COUNTS_ATTEMPTS;
import static dev.lapwing.Capability.DEAD_LETTERS;
import static dev.lapwing.Capability.GIVE_BACK_LATER;
import static dev.lapwing.Capability.GROUPS;
import static dev.lapwing.Capability.HEADERS;
import static dev.lapwing.Capability.REQUEST_REPLY;
import static dev.lapwing.Capability.STORED_CONFIRMATION;

import dev.lapwing.Capabilities;

/** What a connection can do: what its transport does, and what this runtime adds on top. */
public final class EffectiveCapabilities {
    private EffectiveCapabilities() {}

    /** The table that users see. */
    public static Capabilities over(Capabilities transport) {
        Capabilities table = transport;
        if (!transport.isNative(ASSIGNED_IDS) && transport.isNative(STORED_CONFIRMATION)) {
            table = table.withEmulated(ASSIGNED_IDS, "given in this process before sending");
        }
        if (transport.isNative(GROUPS) && !transport.isNative(COMPETING_CONSUMERS)) {
            table =
                    table.withEmulated(
                            COMPETING_CONSUMERS,
                            "a group that settles before it handles; its place is remembered all"
                                    + " the same");
        }
        if (!transport.isNative(GIVE_BACK_LATER)) {
            table =
                    table.withEmulated(
                            GIVE_BACK_LATER,
                            "held in this process with the lease renewed; after a crash it comes"
                                    + " again at once");
        }
        if (!transport.isNative(DEAD_LETTERS) && transport.isNative(STORED_CONFIRMATION)) {
            table =
                    table.withEmulated(
                            DEAD_LETTERS,
                            "a confirmed copy to the topic _dead.<group>.<topic>, then an ack; a"
                                    + " crash in between makes a second copy where there is no"
                                    + " deduplication");
        }
        if (!transport.isNative(COUNTS_ATTEMPTS)) {
            table =
                    table.without(
                            COUNTS_ATTEMPTS,
                            "attempts are counted within this process only, from 1 again after a"
                                    + " crash");
        }
        if (!transport.isNative(REQUEST_REPLY) && transport.isNative(HEADERS)) {
            table =
                    table.withEmulated(
                            REQUEST_REPLY,
                            "replies come over the topic _reply.<connection>, tied by correlation"
                                    + " id");
        }
        return table;
    }
}
