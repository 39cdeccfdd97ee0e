// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

/**
 * A message on its way to the broker and back: the request that the transport takes, and the place
 * where its end is awaited. The first end counts: the broker's result, or that time ran out.
 */
interface Publication extends SendRequest {

    /** When time runs out, on the connection's timers. */
    long deadline();

    /** Ends it, unless it has ended; returns at once. */
    void end(PublishResult result);

    /** Whether it has ended. */
    boolean hasEnded();

    /**
     * Leaves what is in flight: true for the first call alone, however often a transport tells the
     * result.
     */
    boolean leave(InFlight inFlight);
}
