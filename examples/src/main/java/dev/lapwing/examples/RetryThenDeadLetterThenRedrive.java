// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.MessageHandler;
import dev.lapwing.Retry;
import dev.lapwing.Subscription;

import java.time.Duration;

/** Tries a message again with growing pauses, gives up, and sends it round again later. */
final class RetryThenDeadLetterThenRedrive {
    private RetryThenDeadLetterThenRedrive() {}

    static Subscription charge(Lapwing lapwing, MessageHandler handler) {
        return lapwing.subscribe("orders.created")
                .group("billing")
                .retry(Retry.exponential(Duration.ofMillis(100)).upTo(5))
                .handle(handler);
    }

    static long redrive(Lapwing lapwing) {
        var dead = lapwing.deadLetters("orders.created", "billing");
        dead.list(10).forEach(letter -> System.out.println(letter.reason()));
        return dead.redrive();
    }
}
