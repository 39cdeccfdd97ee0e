// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.Optional;

/** How the publishing of one message ended. */
public sealed interface PublishResult {

    /**
     * The broker has it, as safely as {@link Capability#DURABLE} and {@link
     * Capability#STORED_CONFIRMATION} say. A transport may make the values when they are asked for.
     */
    non-sealed interface Stored extends PublishResult {

        /** The message's id: the one given, or the one it was given; empty where it got none. */
        String id();

        /**
         * Where it stands; empty where the broker does not tell, and for a delayed message that has
         * not yet entered its topic.
         */
        Optional<Position> position();

        /**
         * Whether an earlier message of the same id was found, so that nothing was stored now; the
         * position is then that of the earlier one, where it is known.
         */
        boolean duplicate();
    }

    /** A stored message whose values are known already; see {@link Stored} for their meaning. */
    static Stored stored(String id, Optional<Position> position, boolean duplicate) {
        record Confirmed(String id, Optional<Position> position, boolean duplicate)
                implements Stored {}
        return new Confirmed(id, position, duplicate);
    }

    /**
     * It is not stored.
     *
     * @param reason what the broker said, in words for people
     * @param retriable whether the same message may be taken later: full, blocked, busy
     */
    record Refused(String reason, boolean retriable) implements PublishResult {}

    /**
     * It may or may not be stored: the link broke, or time ran out, before the confirmation.
     *
     * @param reason what happened, in words for people
     */
    record Unknown(String reason) implements PublishResult {}
}
