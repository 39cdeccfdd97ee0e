// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.Subscription;

/**
 * Carries every order from one broker to another: an order leaves the first when the second has it.
 */
final class Bridge {
    private Bridge() {}

    static Subscription run(Lapwing from, Lapwing to) {
        return from.subscribe("orders.>")
                .group("bridge")
                .handle(order -> to.publish(order.message()));
    }
}
