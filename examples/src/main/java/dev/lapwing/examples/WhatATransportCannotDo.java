// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.Lapwing;
import dev.lapwing.UnsupportedCapabilityException;

/** Asks a transport for a durable group and reads what to do where it has none. */
final class WhatATransportCannotDo {
    private WhatATransportCannotDo() {}

    static String run(Lapwing lapwing) {
        try (var subscription = lapwing.subscribe("prices").group("billing").handle(price -> {})) {
            return "in force: " + subscription.statistics();
        } catch (UnsupportedCapabilityException e) {
            return e.getMessage();
        }
    }
}
