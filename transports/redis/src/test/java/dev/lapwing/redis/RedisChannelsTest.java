// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.Gap;
import dev.lapwing.Lapwing;
import dev.lapwing.StartAt;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Transport;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Channels of Pub/Sub. */
class RedisChannelsTest {
    private static RedisServer server;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String uri() {
        return server.uri() + "?mode=pubsub";
    }

    @Test
    void manyChannelsAreHeardOnOneConnection() {
        try (Foreign foreign = new Foreign(server);
                Lapwing lapwing = Lapwing.connect(uri())) {
            var heard = new CopyOnWriteArrayList<String>();
            for (int at = 0; at < 20; at++) {
                lapwing.subscribe("many." + at)
                        .handle(each -> {
                            heard.add(each.topic());
                        });
            }
            Ear.eventually(() ->
                    assertThat(foreign.does().clientList().lines())
                            .filteredOn(line -> line.contains("name=lapwing"))
                            .hasSize(2));
            List<String> topics = IntStream.range(0, 20).mapToObj(at -> "many." + at).toList();
            topics.forEach(topic -> foreign.does().publish(topic, "x"));
            Ear.eventually(() -> assertThat(heard).containsExactlyInAnyOrderElementsOf(topics));
        }
    }

    @Test
    void signsOfAGlobInANameStandForThemselves() {
        try (Lapwing lapwing = Lapwing.connect(uri() + "&prefix=p[1]:")) {
            var heard = new CopyOnWriteArrayList<String>();
            lapwing.subscribe("a[bc]?.*")
                    .handle(each -> {
                        heard.add(each.topic());
                    });
            for (String topic : List.of("ab.1", "ab?.1", "a[bc]?.1.2", "a[bc]?.1")) {
                lapwing.publish(topic, "x");
            }
            Ear.eventually(() -> assertThat(heard).containsExactly("a[bc]?.1"));
        }
    }

    @Test
    void endedSubscriptionLeavesTheOthersOfItsChannelAlone() {
        try (Lapwing lapwing = Lapwing.connect(uri());
                Foreign foreign = new Foreign(server)) {
            var heard = new CopyOnWriteArrayList<String>();
            var first = lapwing.subscribe("shared").handle(each -> {});
            lapwing.subscribe("shared")
                    .handle(each -> {
                        heard.add(each.text());
                    });
            first.close();
            lapwing.publish("shared", "still");
            Ear.eventually(() -> assertThat(heard).containsExactly("still"));
            assertThat(foreign.does().pubsubNumsub("shared")).containsEntry("shared", 1L);
        }
    }

    @Test
    void slowSubscriberIsToldWhatItMissed() {
        Transport transport = Ear.transport(uri() + "&buffer=64KiB");
        try (Foreign foreign = new Foreign(server);
                Ear slow = Ear.alone(transport, "fast", StartAt.now())) {
            String kilobyte = "x".repeat(1024);
            for (int at = 0; at < 200; at++) {
                foreign.does().publish("fast", kilobyte);
            }
            slow.grant(1000);
            Ear.eventually(() -> {
                long missed = slow.gaps.stream().mapToLong(Gap::messages).sum();
                assertThat(missed).isPositive();
                assertThat(slow.delivered.size() + missed).isEqualTo(200);
            });
            foreign.does().publish("fast", "again");
            Ear.eventually(() -> assertThat(slow.texts()).contains("again"));
        } finally {
            transport.close();
        }
    }

    @Test
    void whatChannelsCannotDoIsRefusedWithWhatCan() {
        try (Lapwing lapwing = Lapwing.connect(uri())) {
            assertThatThrownBy(() -> lapwing.subscribe("t").group("g").handle(each -> {}))
                    .isInstanceOfSatisfying(
                            UnsupportedCapabilityException.class,
                            refusal ->
                                    assertThat(refusal.capability()).isEqualTo(Capability.GROUPS))
                    .hasMessageContaining("use streams");
        }
    }
}
