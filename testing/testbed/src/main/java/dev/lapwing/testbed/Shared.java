// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import org.jspecify.annotations.Nullable;

import java.util.function.Supplier;

/** The one server of its kind that the tests of a JVM share, started when first asked for. */
final class Shared<T extends BrokerServer> {

    private final Supplier<T> starter;
    private @Nullable T server;

    Shared(Supplier<T> starter) {
        this.starter = starter;
    }

    synchronized T server() {
        T known = server;
        if (known == null) {
            known = starter.get();
            server = known;
        }
        return known;
    }
}
