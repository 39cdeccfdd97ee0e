// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static dev.lapwing.rabbitmq.Ear.eventually;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.testbed.RabbitServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;

import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The end of a subscription on a quorum queue that much is given back to. */
class RabbitDrainTest {
    private static RabbitServer server;

    private final String topic = "t-" + UUID.randomUUID();
    private final String queue = topic + ".g";

    @BeforeAll
    static void start() {
        server = RabbitServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Lapwing connect(String options) {
        return Lapwing.connect(server.uri() + options);
    }

    private void keep(Lapwing lapwing) {
        lapwing.subscribe(topic).group("g").handle(new Ear()).close();
    }

    /**
     * RabbitMQ puts off what a channel settles in a quorum queue while 32 commands are under way,
     * and forgets it when the channel ends. Here many messages are given back just before the last
     * acks.
     */
    @RepeatedTest(10)
    void lastAcksBeforeAnEndCount() throws Exception {
        int prefetch = 400;
        int quick = prefetch / 4 - 1;
        var turn = new AtomicInteger();
        var release = new CountDownLatch(1);
        var handled = new Ear();
        try (Lapwing lapwing = connect("?queue-type=quorum");
                Lapwing ending = connect("?queue-type=quorum");
                RawRabbit raw = new RawRabbit(server)) {
            keep(lapwing);
            lapwing.publishAll(
                    IntStream.range(0, 2 * prefetch)
                            .mapToObj(at -> Message.to(topic).text("m" + at).build())
                            .toList());
            ending.subscribe(topic)
                    .group("g")
                    .prefetch(prefetch)
                    .concurrency(4)
                    .handle(delivery -> {
                        if (turn.getAndIncrement() >= quick) {
                            release.await();
                        }
                        handled.handle(delivery);
                    });
            eventually(() -> assertThat(ready(raw)).isEqualTo(prefetch - quick));
            raw.channel()
                    .basicConsume(
                            queue,
                            (tag, each) -> {
                                if (each.getEnvelope().isRedeliver()) {
                                    release.countDown();
                                }
                            },
                            tag -> {});
            eventually(() -> assertThat(ready(raw)).isZero());
            ending.close();
            raw.close();
            lapwing.subscribe(topic).group("g").handle(handled);
            eventually(() -> assertThat(handled.heard()).hasSizeGreaterThanOrEqualTo(2 * prefetch));
            assertThat(handled.texts()).doesNotHaveDuplicates();
        }
    }

    private int ready(RawRabbit raw) throws Exception {
        return raw.channel().queueDeclarePassive(queue).getMessageCount();
    }
}
