// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.PublishResult;

import java.util.Optional;

/**
 * How sends end that a test wants to go wrong.
 *
 * @param stores whether the message is stored all the same
 * @param result what the sender is told; empty: nothing, until the link breaks
 */
public record Fault(boolean stores, Optional<PublishResult> result) {

    /** It was stored, and the confirmation was lost. */
    public static Fault storedAndUnknown() {
        return new Fault(true, Optional.of(new PublishResult.Unknown("the confirmation was lost")));
    }

    /** It never arrived, and nobody knows. */
    public static Fault lostAndUnknown() {
        return new Fault(false, Optional.of(new PublishResult.Unknown("the message was lost")));
    }

    /** The broker refuses it. */
    public static Fault refused(String reason, boolean retriable) {
        return new Fault(false, Optional.of(new PublishResult.Refused(reason, retriable)));
    }

    /** It is stored, and no answer comes until the link breaks. */
    public static Fault storedAndNotAnswered() {
        return new Fault(true, Optional.empty());
    }
}
