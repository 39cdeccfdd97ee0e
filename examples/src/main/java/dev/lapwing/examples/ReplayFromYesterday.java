// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.MessageHandler;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;

/** Reads everything again since yesterday at nine, and goes on with what is new. */
final class ReplayFromYesterday {
    private ReplayFromYesterday() {}

    static Subscription run(Lapwing lapwing, MessageHandler handler) {
        var yesterday =
                LocalDate.now(ZoneId.systemDefault())
                        .minusDays(1)
                        .atTime(LocalTime.of(9, 0))
                        .atZone(ZoneId.systemDefault())
                        .toInstant();
        return lapwing.subscribe("orders.created").from(StartAt.time(yesterday)).handle(handler);
    }
}
