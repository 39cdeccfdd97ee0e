// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite over core NATS. */
class NatsCoreConformanceTest extends TransportConformance {

    private static NatsSpaces spaces;

    @BeforeAll
    static void startServer() {
        spaces = new NatsSpaces("?mode=core");
    }

    @AfterAll
    static void stopServer() {
        spaces.close();
    }

    @Override
    protected TransportUnderTest transport() {
        return spaces;
    }
}
