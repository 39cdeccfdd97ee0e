// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.testbed.Certificates;
import dev.lapwing.testbed.KafkaOptions;
import dev.lapwing.testbed.KafkaServer;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;

/** The server is killed, asks for a password, or shows a certificate that nobody trusts. */
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
    void wrongPasswordIsAccessDeniedAndStaysUnsaid() {
        try (var server = KafkaServer.start(KafkaOptions.standard().withUser("me", "right"))) {
            try (var lapwing = Lapwing.connect(server.uri())) {
                lapwing.publish("orders", "x");
            }
            assertThatThrownBy(() -> Lapwing.connect(server.uri().replace(":right@", ":wr0ng@")))
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("me")
                    .hasMessageContaining(String.valueOf(server.port()))
                    .hasMessageNotContaining("wr0ng");
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
