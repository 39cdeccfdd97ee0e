// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;

import java.util.concurrent.Flow;

/** Hands the deliveries of a topic to any reactive library. */
final class FlowPublisher {
    private FlowPublisher() {}

    static Flow.Publisher<Delivery> run(Lapwing lapwing) {
        return lapwing.subscribe("orders.created").group("billing").publisher();
    }
}
