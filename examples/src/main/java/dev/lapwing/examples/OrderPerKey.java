// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.MessageHandler;
import dev.lapwing.Subscription;

/** Handles sixteen customers at once, and the orders of each customer one after the other. */
final class OrderPerKey {
    private OrderPerKey() {}

    static void publish(Lapwing lapwing, String customer, String order) {
        lapwing.publish(Message.to("orders.created").key(customer).text(order).build());
    }

    static Subscription run(Lapwing lapwing, MessageHandler handler) {
        return lapwing.subscribe("orders.created").group("billing").concurrency(16).handle(handler);
    }
}
