// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Duration;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/**
 * Describes a subscription and then starts it. One thread uses it; each of the last six methods
 * starts a subscription of its own.
 *
 * <p>When a starting method returns, the subscription is in force: what is published afterwards is
 * seen. It throws {@link UnsupportedCapabilityException} if the transport cannot do what was asked.
 */
public interface SubscriptionBuilder {

    /**
     * Joins a group of competing consumers: every group gets every message, one member handles
     * each. A group that does not exist begins at {@link #from}; one that exists goes on where it
     * stands. Without a group, this subscription sees every message from now on and remembers
     * nothing.
     *
     * <p>Where groups have no memory ({@link Capability#COMPETING_CONSUMERS} without {@link
     * Capability#GROUPS}), the members share what comes while they are there. That loses what a
     * group would keep, so it has to be asked for by {@code guarantee(AT_MOST_ONCE)}.
     *
     * @param name 1 to 100 bytes of UTF-8: no control character, white space, {@code *}, {@code >}
     *     or {@code ~}, and not beginning with {@code _}
     */
    SubscriptionBuilder group(String name);

    /** Where to begin; the default is {@link StartAt#now()}. */
    SubscriptionBuilder from(StartAt start);

    /** How failed messages are tried again; default exponential from 100 ms, 5 attempts. */
    SubscriptionBuilder retry(Retry policy);

    /**
     * How many handlers may run at once, from 1 to 10,000; default 1. Messages of one key are
     * handled one after the other, in order; messages without a key wait for nobody.
     */
    SubscriptionBuilder concurrency(int handlers);

    /**
     * How many deliveries may be here and not yet settled, from 1 to 1,000,000; default 512, and at
     * least the concurrency.
     */
    SubscriptionBuilder prefetch(int deliveries);

    /**
     * How long a delivery stays ours without a sign of life; the runtime renews it while a handler
     * runs. From 100 ms to 12 h; default 30 s. When it runs out, another member gets the message.
     */
    SubscriptionBuilder lease(Duration visibility);

    /** What is promised about each message; the default is {@link Guarantee#AT_LEAST_ONCE}. */
    SubscriptionBuilder guarantee(Guarantee promise);

    /**
     * Calls the listener when messages are missing from the topic: damaged on disk, or removed
     * before they were read. Without a listener, a gap is logged as a warning.
     */
    SubscriptionBuilder onGap(Consumer<Gap> listener);

    /** Handles each message: returning accepts it, throwing has it tried again. */
    Subscription handle(MessageHandler handler);

    /** Handles each message and decides what becomes of it. */
    Subscription decide(OutcomeHandler handler);

    /**
     * Handles messages in batches.
     *
     * @param maxMessages the largest batch, from 1 up to the prefetch
     * @param maxWait how long a batch may wait to fill, once it has its first message
     */
    Subscription handleBatch(int maxMessages, Duration maxWait, BatchHandler handler);

    /** Answers requests: the handler's text is published to where the request awaits its reply. */
    Subscription reply(ReplyHandler handler);

    /** Opens a blocking stream for an ordinary {@code for} loop. */
    DeliveryStream open();

    /**
     * The deliveries for any reactive library. Each subscriber of the publisher gets a subscription
     * of its own; it settles each delivery itself, and its demand is the credit. Cancelling closes.
     */
    Flow.Publisher<Delivery> publisher();
}
