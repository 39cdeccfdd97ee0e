// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Lapwing;
import dev.lapwing.reference.Fault;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakGuard.class)
class OverloadTest {
    private static final String POST =
            "POST /produce/t HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx";

    private final ReferenceBroker broker = ReferenceBroker.start(ReferenceSettings.perMessage());
    private final Lapwing lapwing = Lapwing.connect(broker.uri());
    private final TestServer server =
            TestServer.over(
                    lapwing,
                    options -> options.withLimits(options.limits().withPublishesInFlight(2, 100)));

    @AfterEach
    void close() {
        server.close();
        lapwing.close();
        broker.close();
    }

    @Test
    void tooManyPublishesInFlightAreShed() throws Exception {
        broker.failNextSends(Fault.storedAndNotAnswered(), Fault.storedAndNotAnswered());
        try (var one = server.raw();
                var two = server.raw();
                var three = server.raw()) {
            one.send(POST);
            two.send(POST);
            await().until(() -> server.server().internals().gateway().publishesInFlight() == 2);
            three.send(POST);

            var shed = three.reply();
            assertThat(shed.status()).isEqualTo(503);
            assertThat(shed.header("retry-after")).isEqualTo("1");
            assertThat(shed.body()).contains("2 publishes", "urn:lapwing:problem:unavailable");

            broker.restart();
            assertThat(one.reply().status()).isEqualTo(200);
            assertThat(two.reply().status()).isEqualTo(200);
            three.send(POST);
            assertThat(three.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void healthFollowsTheLinkToTheBroker() throws Exception {
        broker.breakLinks("cut for the test");
        await().until(() -> server.get("/health").statusCode() == 503);
        assertThat(server.get("/health").body()).contains("down", "cut for the test");

        broker.restoreLinks();
        await().until(() -> server.get("/health").statusCode() == 200);
    }

    @Test
    void refusalsOfTheBrokerAreTold() throws Exception {
        broker.failNextSends(
                Fault.refused("the disk is full", true), Fault.refused("never you", false));

        var full = server.produceText("t", "x");
        var never = server.produceText("t", "x");

        assertThat(full.statusCode()).isEqualTo(503);
        assertThat(full.headers().firstValue("retry-after")).isPresent();
        assertThat(full.body()).contains("the disk is full");
        assertThat(never.statusCode()).isEqualTo(503);
        assertThat(never.headers().firstValue("retry-after")).isEmpty();
        assertThat(never.body()).contains("never you");
    }

    @Test
    void subscribersOfATopicThatEndsAreClosedWithTheReason() throws Exception {
        try (var subscriber = server.subscribe("t")) {
            server.publish("t", "x");
            subscriber.next();
            broker.failReceivers("t", new ConnectionFailedException("the topic is gone"));

            var closed = subscriber.closed();
            assertThat(closed.code()).isEqualTo(CloseCode.INTERNAL_ERROR);
            assertThat(closed.reason()).startsWith("the topic is gone; resume after ");
        }
        try (var again = server.subscribe("t")) {
            server.publish("t", "y");
            assertThat(again.next().string()).isEqualTo("y");
        }
    }
}
