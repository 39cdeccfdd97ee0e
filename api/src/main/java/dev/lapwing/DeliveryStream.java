// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;

/**
 * A subscription as a blocking loop.
 *
 * <p>Asking for the next delivery accepts the one before, unless it was settled already; leaving
 * the loop gives the last one back. So a crash in the middle of an iteration loses nothing. One
 * thread iterates; any thread may close, which ends the loop.
 */
public interface DeliveryStream extends Iterable<Delivery>, AutoCloseable {

    /** The one iterator of this stream; {@code hasNext} waits for the next message or the close. */
    @Override
    Iterator<Delivery> iterator();

    /**
     * The next delivery, waiting at most so long. Accepts the one before, as the iterator does.
     *
     * @return empty if none came in time or the stream is closed
     */
    Optional<Delivery> next(Duration timeout);

    /** The subscription behind it. */
    Subscription subscription();

    /** Ends the loop, gives back what is not settled, and closes the subscription. */
    @Override
    void close();
}
