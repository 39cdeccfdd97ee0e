// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static dev.lapwing.nats.NatsClient.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.testbed.Certificates;
import dev.lapwing.testbed.NatsOptions;
import dev.lapwing.testbed.NatsServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The server is not there, goes, comes back, or is another than it should be. */
class NatsBadDaysTest {

    @Test
    void serverThatIsNotThereIsTold() {
        for (String options : List.of("", "?mode=core")) {
            assertThatThrownBy(() -> Lapwing.connect("nats://127.0.0.1:1" + options))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("127.0.0.1:1")
                    .hasMessageContaining("check that the server runs");
        }
    }

    @Test
    void serverThatComesLaterIsWaitedFor() throws Exception {
        try (NatsServer server = NatsServer.start()) {
            server.stop();
            var connecting =
                    CompletableFuture.supplyAsync(
                            () -> Lapwing.connect(server.uri() + "?wait=2m"),
                            task -> Thread.ofVirtual().start(task));
            server.startAgain();
            try (Lapwing lapwing = connecting.get(3, TimeUnit.MINUTES)) {
                lapwing.publish("late.x", "x");
            }
        }
    }

    @Test
    void nextServerIsTakenWhereTheFirstIsNotThere() {
        try (NatsServer server = NatsServer.start();
                Lapwing lapwing =
                        Lapwing.connect("nats://127.0.0.1:1,127.0.0.1:" + server.port())) {
            lapwing.publish("next.x", "x");
        }
    }

    @Test
    void serverWithoutJetStreamIsTold() {
        try (NatsServer server = NatsServer.start(NatsOptions.standard().withoutJetStream())) {
            assertThatThrownBy(() -> Lapwing.connect(server.uri()))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining(String.valueOf(server.port()))
                    .hasMessageContaining("-js")
                    .hasMessageContaining("?mode=core");
            Lapwing.connect(server.uri() + "?mode=core").close();
        }
    }

    @Test
    void accountWithoutJetStreamIsTold() {
        String accounts = "accounts { A { users: [ { user: me, password: right } ] } }";
        try (NatsServer server = NatsServer.start(NatsOptions.standard().withConfig(accounts))) {
            String uri = "nats://me:right@127.0.0.1:" + server.port();
            assertThatThrownBy(() -> Lapwing.connect(uri))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("?mode=core");
            Lapwing.connect(uri + "?mode=core").close();
        }
    }

    @Test
    void certificateThatIsNotTrustedIsTold() {
        Certificates certificates = Certificates.create();
        try (NatsServer safe = NatsServer.start(NatsOptions.standard().withTls(certificates))) {
            try (Lapwing lapwing = Lapwing.connect(safe.uri() + "&connect-timeout=1m")) {
                lapwing.publish("safe.x", "x");
            }
            String host = "127.0.0.1:" + safe.port();
            assertThatThrownBy(() -> Lapwing.connect("tls://" + host + "?connect-timeout=1m"))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining(host)
                    .hasMessageContaining("certificate")
                    .hasMessageContaining("?ca=");
            assertThatThrownBy(() -> Lapwing.connect("nats://" + host))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining(host)
                    .hasMessageContaining("tls://");
        }
    }

    @Test
    void certificateOfAnotherHostIsTold() {
        Certificates other = Certificates.ofAnotherHost();
        try (NatsServer safe = NatsServer.start(NatsOptions.standard().withTls(other))) {
            assertThatThrownBy(() -> Lapwing.connect(safe.uri() + "&connect-timeout=1m"))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("certificate");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jetstream", "core"})
    void serverRestartedWhileIdleIsComeBackTo(String mode) {
        comesBack(mode, 1);
    }

    /** The second kill comes while the first is still being told. */
    @ParameterizedTest
    @ValueSource(strings = {"jetstream", "core"})
    void serverRestartedTwiceIsComeBackTo(String mode) {
        comesBack(mode, 2);
    }

    private static void comesBack(String mode, int restarts) {
        try (NatsServer server = NatsServer.start();
                Lapwing lapwing = Lapwing.connect(server.uri() + "?mode=" + mode)) {
            var heard = new CopyOnWriteArrayList<String>();
            lapwing.subscribe("idle.x").handle(each -> heard.add("alone " + each.text()));
            if (mode.equals("jetstream")) {
                lapwing.subscribe("idle.x")
                        .group("g")
                        .handle(each -> heard.add("group " + each.text()));
            }
            server.kill();
            await(() ->
                    assertThat(lapwing.state())
                            .isInstanceOfSatisfying(
                                    ConnectionState.Reconnecting.class,
                                    down ->
                                            assertThat(down.nextTry())
                                                    .isAfterOrEqualTo(down.since())));
            server.startAgain();
            for (int more = 1; more < restarts; more++) {
                server.restart();
            }
            await(() -> assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class));
            lapwing.publish("idle.x", "after");
            await(() ->
                    assertThat(heard)
                            .containsExactlyInAnyOrderElementsOf(
                                    mode.equals("jetstream")
                                            ? List.of("alone after", "group after")
                                            : List.of("alone after")));
        }
    }
}
