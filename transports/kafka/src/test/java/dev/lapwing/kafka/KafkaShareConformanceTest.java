// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite over share groups. */
class KafkaShareConformanceTest extends TransportConformance {

    private static KafkaSpaces spaces;

    @BeforeAll
    static void startServer() {
        spaces = new KafkaSpaces("&groups=share");
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
