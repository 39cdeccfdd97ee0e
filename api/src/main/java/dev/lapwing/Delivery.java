// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.Optional;

/**
 * A message handed to a consumer, with the right to settle it once.
 *
 * <p>Inside a handler the outcome is told by returning or throwing. A {@link DeliveryStream} or a
 * {@code Flow.Subscriber} settles by calling one of the methods here, from any thread. The first
 * call decides; later ones do nothing and return false.
 */
public interface Delivery {

    /** The message. */
    Message message();

    /** Where it stands; empty where the transport has no positions. */
    Optional<Position> position();

    /**
     * Which attempt this is, from 1 up, as far as the transport counts ({@link
     * Capability#COUNTS_ATTEMPTS}); attempts within this process are always counted.
     */
    int attempt();

    /**
     * Settles it.
     *
     * @return whether this call decided: false if it was settled before, or is no longer ours
     *     because its lease ran out or the broker took it back
     */
    boolean settle(Outcome outcome);

    /** Handled: it will not come again. */
    default boolean accept() {
        return settle(Outcome.accept());
    }

    /** Not handled: to be tried again as the subscription's retry says. */
    default boolean retry(String reason) {
        return settle(Outcome.retry(reason));
    }

    /** Never to be tried again: it becomes a dead letter. */
    default boolean reject(String reason) {
        return settle(Outcome.reject(reason));
    }

    /** Whether it is still ours: not settled, and not taken back by the broker. */
    boolean isOpen();

    /** The message's payload as UTF-8 text. */
    default String text() {
        return message().text();
    }

    /** The message's topic. */
    default String topic() {
        return message().topic();
    }
}
