// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.tck.Pace;
import dev.lapwing.tck.Space;
import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;
import dev.lapwing.testbed.RabbitServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

import java.time.Duration;

/** The conformance suite on {@code amqp:} with quorum queues. */
class RabbitQuorumConformanceTest extends TransportConformance {
    private static RabbitServer server;

    @BeforeAll
    static void start() {
        server = RabbitServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected TransportUnderTest transport() {
        return new TransportUnderTest() {
            @Override
            public Space open() {
                return new RabbitSpace(server, "&queue-type=quorum");
            }

            @Override
            public Pace pace() {
                return Pace.local().withMessages(10_000).withPatience(Duration.ofSeconds(40));
            }
        };
    }
}
