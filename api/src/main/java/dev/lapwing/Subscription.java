// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** A running subscription. Safe for use by many threads. */
public interface Subscription extends AutoCloseable {

    /** Takes no new deliveries until {@link #resume()}; handlers that run go on. */
    void pause();

    /** Goes on after {@link #pause()}. */
    void resume();

    /**
     * Ends in order: takes nothing new, lets handlers finish, gives back at once what has no
     * outcome when the time is over, confirms the acks, and closes. Nothing becomes a dead letter
     * by draining.
     *
     * @param timeout how long handlers may take, zero or more
     * @return whether every handler finished in time
     */
    boolean drain(Duration timeout);

    /** Counts since the start; a snapshot. */
    Statistics statistics();

    /**
     * Completes when the subscription has ended: normally after {@link #close} or {@link #drain},
     * with a {@link LapwingException} when the broker ended it for good.
     */
    CompletionStage<Void> ended();

    /** Drains within the connection's drain time-out. Closing twice does nothing. */
    @Override
    void close();

    /**
     * What has happened so far.
     *
     * @param delivered deliveries handed over by the transport, redeliveries included
     * @param accepted deliveries settled as handled
     * @param retried times a message was sent round again
     * @param deadLettered messages that became dead letters
     * @param lost deliveries that the broker took back before they had an outcome, and those that
     *     were dropped because they may have been handled before, where at most once was asked for
     * @param stale settlements that came too late
     * @param inFlight deliveries here now that are not settled
     */
    record Statistics(
            long delivered,
            long accepted,
            long retried,
            long deadLettered,
            long lost,
            long stale,
            int inFlight) {}
}
