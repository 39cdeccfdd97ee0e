// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Delivery;

import java.util.concurrent.Flow;

/** The deliveries of a subscription as a reactive publisher. */
record FlowDeliveries(Connection connection, SubscriptionSettings settings)
        implements Flow.Publisher<Delivery> {
    @Override
    public void subscribe(Flow.Subscriber<? super Delivery> subscriber) {
        throw new UnsupportedOperationException("not yet");
    }
}
