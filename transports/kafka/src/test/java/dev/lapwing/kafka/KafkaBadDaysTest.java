// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.TopicConflictException;
import dev.lapwing.testbed.Certificates;
import dev.lapwing.testbed.KafkaOptions;
import dev.lapwing.testbed.KafkaServer;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The server is killed, asks for a password, shows a bad certificate, or has other settings. */
class KafkaBadDaysTest {

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(assertion);
    }

    @Test
    void restartsWhileIdleAreToldAndLived() {
        try (var server = KafkaServer.start();
                var lapwing = Lapwing.connect(server.uri() + "?refresh=200ms")) {
            var grouped = new CopyOnWriteArrayList<String>();
            var alone = new CopyOnWriteArrayList<String>();
            lapwing.subscribe("orders").group("g").handle(each -> grouped.add(each.text()));
            lapwing.subscribe("orders").handle(each -> alone.add(each.text()));
            server.kill();
            await(() ->
                    assertThat(lapwing.state())
                            .isInstanceOfSatisfying(
                                    ConnectionState.Reconnecting.class,
                                    down ->
                                            assertThat(down.nextTry())
                                                    .isAfterOrEqualTo(down.since())));
            server.startAgain();
            server.kill();
            server.startAgain();
            await(() -> assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class));
            lapwing.publish("orders", "after");
            await(() -> assertThat(grouped).containsExactly("after"));
            await(() -> assertThat(alone).containsExactly("after"));
        }
    }

    @Test
    void wrongPasswordIsAccessDeniedAndNoPasswordIsEverTold() throws IOException {
        var options = KafkaOptions.standard().withUser("me", "r1ght-w0rd");
        try (var server = KafkaServer.start(options)) {
            try (var lapwing = Lapwing.connect(server.uri() + "?groups=share")) {
                lapwing.publish("orders", "x");
                lapwing.subscribe("orders").group("g").handle(each -> {});
                lapwing.subscribe("orders").handle(each -> {});
            }
            String wrong = server.uri().replace("r1ght-w0rd", "wr0ng-w0rd");
            assertThatThrownBy(() -> Lapwing.connect(wrong))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("me")
                    .hasMessageContaining(String.valueOf(server.port()))
                    .extracting(KafkaBadDaysTest::trace)
                    .asString()
                    .doesNotContain("wr0ng-w0rd");
            assertThatThrownBy(() -> Lapwing.connect(server.uri() + "?partitions=0"))
                    .isInstanceOf(InvalidUriException.class)
                    .hasMessageNotContaining("r1ght-w0rd");
        }
        String log = Files.readString(Path.of("target", "kafka-clients.log"));
        assertThat(log).contains("sasl.jaas.config = [hidden]");
        assertThat(log.contains("r1ght-w0rd") || log.contains("wr0ng-w0rd"))
                .as("a password in the log of Kafka's clients")
                .isFalse();
    }

    private static String trace(Throwable failure) {
        var text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void whatIsThereWithOtherSettingsIsTakenOrToldAsSuch() throws Exception {
        try (var server = KafkaServer.start()) {
            try (var lapwing = Lapwing.connect(server.uri() + "?partitions=1")) {
                lapwing.publish("orders", "x");
            }
            Map<String, Object> foreign =
                    Map.of(
                            "bootstrap.servers",
                            server.host() + ":" + server.port(),
                            "group.id",
                            "g~orders");
            try (var lapwing = Lapwing.connect(server.uri() + "?partitions=8&groups=share");
                    var consumer =
                            new KafkaConsumer<>(
                                    foreign,
                                    new ByteArrayDeserializer(),
                                    new ByteArrayDeserializer())) {
                lapwing.publish("orders", "y");
                consumer.subscribe(List.of("orders"));
                await(() -> {
                    consumer.poll(Duration.ofMillis(100));
                    assertThat(consumer.assignment()).hasSize(1);
                });
                assertThatThrownBy(() -> lapwing.subscribe("orders").group("g").handle(each -> {}))
                        .isInstanceOf(TopicConflictException.class)
                        .hasMessageContaining("g~orders");
            }
            assertThatShareGroupIsNoConsumerGroup(server);
        }
    }

    private static void assertThatShareGroupIsNoConsumerGroup(KafkaServer server) {
        Map<String, Object> foreign =
                Map.of(
                        "bootstrap.servers",
                        server.host() + ":" + server.port(),
                        "group.id",
                        "shared");
        try (var lapwing = Lapwing.connect(server.uri());
                var consumer =
                        new KafkaShareConsumer<>(
                                foreign,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("orders"));
            consumer.poll(Duration.ofMillis(100));
            await(() ->
                    assertThatThrownBy(() ->
                                    lapwing.subscribe("orders").group("shared").handle(each -> {}))
                            .isInstanceOf(TopicConflictException.class)
                            .hasMessageContaining("shared"));
        }
    }

    @Test
    void certificateThatNobodyTrustsIsToldAsSuch() {
        var certificates = Certificates.create();
        try (var server = KafkaServer.start(KafkaOptions.standard().withTls(certificates))) {
            try (var lapwing = Lapwing.connect(server.uri())) {
                lapwing.publish("orders", "x");
            }
            String untrusted = "kafka://127.0.0.1:" + server.port() + "?tls=true";
            assertThatThrownBy(() -> Lapwing.connect(untrusted))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("certificate")
                    .hasMessageContaining("ca=FILE");
            assertThatThrownBy(() ->
                            Lapwing.connect(
                                    "kafka://127.0.0.1:" + server.port() + "?connect-timeout=2s"))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("tls");
        }
    }
}
