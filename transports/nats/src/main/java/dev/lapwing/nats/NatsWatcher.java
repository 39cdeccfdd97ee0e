// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

/** What wants to know of the link: a sender, a receiver. Called by one thread at a time. */
interface NatsWatcher {

    /** The link is down: nothing on it is in force any more. */
    default void linkDown(String reason) {}

    /**
     * The link is up again; in force when this returns.
     *
     * @throws LapwingException if that failed and may be tried again
     */
    default void linkUp() {}

    /** The link is down for good. */
    default void linkClosed(LapwingException reason) {}

    /** The server did not permit a subscription to this subject. */
    default void denied(String subject, LapwingException reason) {}
}
