// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Subscription.Statistics;

import java.util.concurrent.atomic.LongAdder;

/** What has happened to the deliveries of a subscription. Safe for use by many threads. */
final class Counts {
    private final LongAdder delivered = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder deadLettered = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder gone = new LongAdder();

    void delivered(int deliveries) {
        delivered.add(deliveries);
    }

    void accepted(int deliveries) {
        accepted.add(deliveries);
    }

    void retried() {
        retried.increment();
    }

    void deadLettered(int deliveries) {
        deadLettered.add(deliveries);
    }

    void lost(int deliveries) {
        lost.add(deliveries);
    }

    void stale(int settlements) {
        stale.add(settlements);
    }

    /** Deliveries that are here no more, however they went. */
    void gone(int deliveries) {
        gone.add(deliveries);
    }

    Statistics snapshot() {
        long left = gone.sum();
        return new Statistics(
                delivered.sum(),
                accepted.sum(),
                retried.sum(),
                deadLettered.sum(),
                lost.sum(),
                stale.sum(),
                (int) Math.max(0, delivered.sum() - left));
    }
}
