// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;

/** Publishes one message and waits until it is stored. */
final class PublishAndWait {
    private PublishAndWait() {}

    static String run(String uri) {
        try (var lapwing = Lapwing.connect(uri)) {
            return lapwing.publish("orders.created", "order 1").id();
        }
    }
}
