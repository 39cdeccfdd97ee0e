// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import java.time.Duration;

/** Publishes a message with a key, a header and a time to live, as far as the broker has these. */
final class PublishWithOptions {
    private PublishWithOptions() {}

    static PublishResult.Stored run(Lapwing lapwing) {
        var order =
                Message.to("orders.created")
                        .key("customer 7")
                        .header("origin", "shop")
                        .timeToLive(Duration.ofHours(1))
                        .text("order 1");
        return lapwing.publish(order.build());
    }
}
