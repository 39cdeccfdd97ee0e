// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

/** What wants to know of the link: a sender, a receiver. Called by one thread at a time. */
interface NatsWatcher {

    /** The link is down: nothing on it is in force any more. */
    void linkDown(String reason);

    /**
     * The link is up again; in force when this returns.
     *
     * @throws LapwingException if that failed and may be tried again
     */
    void linkUp();

    /** The link is down for good. */
    void linkClosed(LapwingException reason);
}
