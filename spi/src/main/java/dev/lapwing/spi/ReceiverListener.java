// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;

import java.util.List;

/**
 * The runtime's ear on a receiver. The transport calls it from one thread at a time, any thread;
 * the methods return at once and never throw.
 */
public interface ReceiverListener {

    /** Deliveries, in the order of the broker; at most as many as credit was granted. */
    void deliver(List<? extends Received> batch);

    /**
     * Deliveries that are no longer ours: the lease ran out, a partition was revoked, a channel was
     * closed, another consumer claimed them. They may come again, to anyone. It is no error.
     *
     * @param reason what happened, in words for people
     */
    void lost(List<? extends Received> deliveries, String reason);

    /** Messages are missing from the topic. Delivery goes on behind the gap. */
    void gap(Gap gap);

    /**
     * The receiver has ended for good: the topic was deleted, access was denied, the log failed.
     */
    void failed(LapwingException cause);
}
