// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.tck.Pace;
import dev.lapwing.tck.TransportConformance;
import dev.lapwing.tck.TransportUnderTest;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The conformance suite on {@code redis:}, with a server that syncs every write to disk. */
class RedisStreamsConformanceTest extends TransportConformance {
    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    protected TransportUnderTest transport() {
        return new TransportUnderTest() {
            @Override
            public RedisSpace open() {
                return RedisSpace.streams(server, "");
            }

            @Override
            public Pace pace() {
                return Pace.local().withMessages(10_000);
            }
        };
    }
}
