// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.gateway;

import dev.lapwing.Delivery;
import dev.lapwing.Gap;

import java.util.List;

/** Hears what is published to a topic or a pattern. */
public interface TailListener {

    /**
     * Takes what has come since the last call; called by one virtual thread at a time. The next
     * burst is everything that comes while this call runs, so taking time here makes bursts larger.
     *
     * @param deliveries at least one, in the order of the topic
     * @throws InterruptedException when it is interrupted; nothing is done about it
     */
    void burst(List<Delivery> deliveries) throws InterruptedException;

    /** Events are missing from a topic: they were damaged, or removed before they were read. */
    void gap(Gap gap);

    /**
     * The topic cannot be read any more.
     *
     * @param reason why, in words for people
     */
    void ended(String reason);
}
