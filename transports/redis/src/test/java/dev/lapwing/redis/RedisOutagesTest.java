// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The server restarts, and the link goes silent: everything is alive again, and says so. */
class RedisOutagesTest {
    private RedisServer server;
    private LinkProxy proxy;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final List<ConnectionState> states = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() {
        server = RedisServer.start();
        proxy = server.proxy();
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    private Lapwing connect(String mode) {
        Lapwing lapwing = Lapwing.connect(proxy.uri() + "?heartbeat=1s&mode=" + mode);
        lapwing.onStateChange(states::add);
        if (mode.equals("streams")) {
            lapwing.subscribe("t")
                    .group("g")
                    .handle(each -> {
                        heard.add("g:" + each.text());
                    });
        }
        lapwing.subscribe("t")
                .handle(each -> {
                    heard.add("plain:" + each.text());
                });
        return lapwing;
    }

    private void assertDownAndAliveAgain(Lapwing lapwing, String mode) {
        Ear.eventually(() ->
                assertThat(states).hasAtLeastOneElementOfType(ConnectionState.Reconnecting.class));
        Ear.eventually(
                () -> assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class));
        Ear.eventually(() -> {
            lapwing.publish("t", "after");
            assertThat(heard)
                    .containsAll(
                            mode.equals("streams")
                                    ? List.of("g:after", "plain:after")
                                    : List.of("plain:after"));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "pubsub"})
    void serverRestartedWhileIdleIsComeBackTo(String mode) {
        try (Lapwing lapwing = connect(mode)) {
            server.restart();
            assertDownAndAliveAgain(lapwing, mode);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "pubsub"})
    void serverRestartedTwiceIsComeBackTo(String mode) {
        try (Lapwing lapwing = connect(mode)) {
            server.restart();
            server.restart();
            assertDownAndAliveAgain(lapwing, mode);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "pubsub"})
    void linkThatGoesSilentIsMadeAnew(String mode) {
        try (Lapwing lapwing = connect(mode)) {
            proxy.freeze();
            Ear.eventually(() ->
                    assertThat(lapwing.state()).isInstanceOf(ConnectionState.Reconnecting.class));
            proxy.thaw();
            assertDownAndAliveAgain(lapwing, mode);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"streams", "pubsub"})
    void serverThatStopsAnsweringIsComeBackTo(String mode) {
        try (Lapwing lapwing = connect(mode)) {
            server.pause();
            Ear.eventually(() ->
                    assertThat(lapwing.state()).isInstanceOf(ConnectionState.Reconnecting.class));
            server.resume();
            assertDownAndAliveAgain(lapwing, mode);
        }
    }
}
