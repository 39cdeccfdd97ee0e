// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;

/** An ordinary for loop over a topic: asking for the next order accepts the one before. */
final class BlockingLoop {
    private BlockingLoop() {}

    static void run(Lapwing lapwing) {
        try (var orders = lapwing.subscribe("orders.created").group("billing").open()) {
            for (var order : orders) {
                System.out.println(order.text());
                if (order.text().equals("the last one")) {
                    order.accept();
                    break;
                }
            }
        }
    }
}
