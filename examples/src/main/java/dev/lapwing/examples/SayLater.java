// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.Outcome;
import dev.lapwing.Subscription;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A handler that says "not now, in five minutes". */
final class SayLater {
    private SayLater() {}

    static Subscription run(Lapwing lapwing, BooleanSupplier shopIsOpen) {
        return lapwing.subscribe("orders.created")
                .group("shipping")
                .decide(order ->
                        shopIsOpen.getAsBoolean()
                                ? Outcome.accept()
                                : Outcome.retryAfter(Duration.ofMinutes(5)));
    }
}
