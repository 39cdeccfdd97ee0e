// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite over consumer groups of the new protocol. */
class KafkaConformanceTest extends TransportConformance {

    private static KafkaSpaces spaces;

    @BeforeAll
    static void startServer() {
        spaces = new KafkaSpaces("");
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
