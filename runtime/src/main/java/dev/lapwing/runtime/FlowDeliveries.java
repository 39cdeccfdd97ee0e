// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Delivery;
import dev.lapwing.LapwingException;

import java.util.Objects;
import java.util.concurrent.Flow;

/** The deliveries of a subscription as a reactive publisher: each subscriber gets its own. */
record FlowDeliveries(Connection connection, SubscriptionSettings settings)
        implements Flow.Publisher<Delivery> {

    /** What a subscriber is given whose subscription could not be opened. */
    private static final Flow.Subscription NONE =
            new Flow.Subscription() {
                @Override
                public void request(long more) {}

                @Override
                public void cancel() {}
            };

    @Override
    public void subscribe(Flow.Subscriber<? super Delivery> subscriber) {
        Objects.requireNonNull(subscriber, "subscriber");
        var lanes = new Lanes(true);
        var emission = new FlowEmission(lanes, subscriber);
        DeliveryLoop loop;
        try {
            loop = connection.open(settings, lanes, emission);
        } catch (LapwingException e) {
            subscriber.onSubscribe(NONE);
            subscriber.onError(e);
            return;
        }
        emission.begin(loop);
    }
}
