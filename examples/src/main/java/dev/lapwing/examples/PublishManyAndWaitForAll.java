// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;

import java.util.stream.IntStream;

/** Publishes many messages at once and waits for all. */
final class PublishManyAndWaitForAll {
    private PublishManyAndWaitForAll() {}

    static int run(Lapwing lapwing, int count) {
        var orders =
                IntStream.range(0, count)
                        .mapToObj(n -> Message.to("orders.created").text("order " + n).build())
                        .toList();
        return lapwing.publishAll(orders).size();
    }
}
