// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.MessageHandler;
import dev.lapwing.Subscription;

/** Starts one worker of a group: run it three times, kill one, and nothing is lost. */
final class GroupOfWorkers {
    private GroupOfWorkers() {}

    static Subscription join(Lapwing lapwing, MessageHandler work) {
        return lapwing.subscribe("orders.created").group("billing").handle(work);
    }
}
