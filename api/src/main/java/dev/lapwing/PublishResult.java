// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.Optional;

/** How the publishing of one message ended. */
public sealed interface PublishResult {

    /**
     * The broker has it, as safely as {@link Capability#DURABLE} and {@link
     * Capability#STORED_CONFIRMATION} say.
     *
     * @param id the message's id: the one given, or the one it was given
     * @param position where it stands; empty where the broker does not tell, and for a delayed
     *     message that has not yet entered its topic
     * @param duplicate whether an earlier message of the same id was found, so that nothing was
     *     stored now; the position is then that of the earlier one, where it is known
     */
    record Stored(String id, Optional<Position> position, boolean duplicate)
            implements PublishResult {}

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
