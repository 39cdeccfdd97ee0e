// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.DeadLetters;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Subscription;
import dev.lapwing.testbed.KafkaServer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What share groups do beside the suite, on a real server. */
class KafkaShareTest {

    private static KafkaServer server;

    private final String topic = "t" + UUID.randomUUID().toString().substring(0, 8);

    @BeforeAll
    static void startServer() {
        server = KafkaServer.start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    private static Lapwing connect(String options) {
        return Lapwing.connect(server.uri() + "?groups=share" + options);
    }

    /**
     * Longer than the lock of a record (30 s): the latest that one comes when a client sits on it.
     */
    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(75)).untilAsserted(assertion);
    }

    @Test
    void whatTheBrokerWouldDropNextTimeBecomesADeadLetter() throws Exception {
        try (var lapwing = connect("")) {
            var seen = new CopyOnWriteArrayList<String>();
            var never = new CountDownLatch(1);
            Subscription first =
                    lapwing.subscribe(topic)
                            .group("g")
                            .handle(each -> {
                                seen.add(each.text());
                                never.await();
                            });
            lapwing.publish(topic, "tired");
            await(() -> assertThat(seen).containsExactly("tired"));
            limitDeliveries("g~" + topic, 3);
            first.drain(Duration.ZERO);
            lapwing.subscribe(topic).group("g").handle(each -> seen.add(each.text()));
            DeadLetters dead = lapwing.deadLetters(topic, "g");
            await(() -> assertThat(dead.count()).isEqualTo(1));
            assertThat(dead.list(1).getFirst().reason()).contains("too often");
            assertThat(seen).containsExactly("tired");
        }
    }

    private static void limitDeliveries(String group, int limit) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", (Object) address()))) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.GROUP, group),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "share.delivery.count.limit",
                                                            String.valueOf(limit)),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static String address() {
        return server.host() + ":" + server.port();
    }

    @Test
    void handlersSlowerThanTheLockAreNotDisturbed() {
        try (var lapwing = connect("")) {
            var never = new CountDownLatch(1);
            var attempts = new CopyOnWriteArrayList<Integer>();
            Subscription slow =
                    lapwing.subscribe(topic)
                            .group("g")
                            .lease(Duration.ofSeconds(1))
                            .handle(each -> {
                                attempts.add(each.attempt());
                                assertThat(never.await(3, TimeUnit.SECONDS)).isFalse();
                            });
            lapwing.publish(topic, "slow");
            await(() -> assertThat(slow.statistics().accepted()).isEqualTo(1));
            assertThat(attempts).containsExactly(1);
            assertThat(slow.statistics().lost()).isZero();
            assertThat(slow.statistics().stale()).isZero();
        }
    }

    @Test
    void slowMessagesHoldUpNoOthers() {
        for (int partitions : new int[] {1, 3}) {
            String name = topic + "." + partitions;
            try (var lapwing = connect("&partitions=" + partitions)) {
                var release = new CountDownLatch(1);
                var handled = new CopyOnWriteArrayList<String>();
                lapwing.subscribe(name)
                        .group("g")
                        .concurrency(6)
                        .handle(each -> {
                            if (each.text().startsWith("slow")) {
                                release.await();
                            }
                            handled.add(each.text());
                        });
                for (int at = 0; at < 4; at++) {
                    lapwing.publish(name, "slow" + at);
                    lapwing.publish(name, "fast" + at);
                }
                await(() ->
                        assertThat(handled)
                                .containsExactlyInAnyOrder("fast0", "fast1", "fast2", "fast3"));
                release.countDown();
                await(() -> assertThat(handled).hasSize(8).doesNotHaveDuplicates());
            }
        }
    }

    @Test
    void oneGroupHasAPlaceInEachOfItsTopics() {
        try (var lapwing = connect("")) {
            var texts = new CopyOnWriteArrayList<String>();
            for (String name : List.of(topic + ".a", topic + ".b")) {
                lapwing.publish(name, "before");
                lapwing.subscribe(name).group("g").handle(each -> texts.add(each.text()));
                lapwing.publish(Message.to(name).text(name).build());
            }
            await(() -> assertThat(texts).containsExactlyInAnyOrder(topic + ".a", topic + ".b"));
            assertThat(lapwing.administration().groups(topic + ".a"))
                    .singleElement()
                    .satisfies(group -> assertThat(group.name()).isEqualTo("g"));
        }
    }
}
