// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.Message;
import dev.lapwing.Position;

import java.util.Optional;

/**
 * A message that a receiver delivered. Implemented by the transport, which keeps in it what it
 * needs to settle; the runtime hands back the same object.
 */
public interface Received {

    /** The message; a foreign one arrives as what the transport's document says. */
    Message message();

    /** Where it stands; may be made when it is asked for. Empty where there are no positions. */
    Optional<Position> position();

    /** Which attempt this is, from 1 up, as far as the broker counts; otherwise 1. */
    int attempt();

    /**
     * What {@link SettleUnit#FLOOR} keeps its floor for, and order holds within: a number that no
     * two partitions of this receiver share, be they of one topic or of several. 0 where there are
     * no partitions.
     */
    default int partition() {
        return 0;
    }

    /**
     * Whether it may have been delivered before, to anyone. Where acks are not confirmed, one may
     * have been lost with the link; the runtime then hands such a message to nobody who asked for
     * at most once.
     */
    default boolean isRedelivered() {
        return attempt() > 1;
    }

    /**
     * Whether the broker may drop it, telling nobody, should it not be acked this time. The runtime
     * then shows it to no handler but makes a dead letter of it, so that it is not lost in silence.
     */
    default boolean isLastDelivery() {
        return false;
    }
}
