// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;
import dev.lapwing.Subscription;

import java.time.Duration;
import java.util.function.Predicate;

/** Handles fifty messages at once; the ones that fail are tried again, the others are done. */
final class BatchWhereOneFails {
    private BatchWhereOneFails() {}

    static Subscription run(Lapwing lapwing, Predicate<Delivery> store) {
        return lapwing.subscribe("orders.created")
                .group("archive")
                .handleBatch(
                        50,
                        Duration.ofMillis(20),
                        batch -> {
                            for (var order : batch) {
                                if (!store.test(order)) {
                                    order.retry("could not be stored");
                                }
                            }
                        });
    }
}
