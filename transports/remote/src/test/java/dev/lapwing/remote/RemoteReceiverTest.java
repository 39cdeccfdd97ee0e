// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.ConnectionState;
import dev.lapwing.InvalidPositionException;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Receiver;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

class RemoteReceiverTest {

    @Test
    void brokenSubscriptionGoesOnBehindTheLastEvent() throws Exception {
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            String from = request.target().replaceAll(".*from=", "");
                            int next = from.equals("earliest") ? 1 : Integer.parseInt(from) + 1;
                            reply.upgrade();
                            for (int position = next;
                                    position < next + 2 && position <= 20;
                                    position++) {
                                reply.event(position, "e" + position);
                            }
                            if (next > 20) {
                                reply.awaitClose();
                            }
                        });
                var connection =
                        new Connection(server.uri() + "?heartbeat=50ms&longest-pause=20ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events)) {
                receiver.grant(100);
                await().until(() -> events.texts.size() >= 20);
            }

            assertThat(events.texts)
                    .isEqualTo(IntStream.rangeClosed(1, 20).mapToObj(i -> "e" + i).toList());
            assertThat(connection.states)
                    .hasAtLeastOneElementOfType(ConnectionState.Reconnecting.class);
        }
    }

    @Test
    void serverThatFallsSilentIsLeftForANewConnection() throws Exception {
        var targets = new CopyOnWriteArrayList<String>();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            targets.add(request.target());
                            reply.upgrade();
                            reply.event(targets.size(), "e" + targets.size());
                            // Its pings are not answered.
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri() + "?heartbeat=20ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events)) {
                receiver.grant(100);
                await().until(() -> events.texts.size() >= 2);
            }
            assertThat(events.texts).startsWith("e1", "e2");
            assertThat(targets.get(1)).endsWith("from=1");
        }
    }

    @Test
    void connectedIsToldOnlyWhenTheSubscriptionIsInForceAgain() throws Exception {
        var mayUpgrade = new CountDownLatch(1);
        var upgrades = new CopyOnWriteArrayList<String>();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            upgrades.add(request.target());
                            if (upgrades.size() > 1) {
                                mayUpgrade.await();
                            }
                            reply.upgrade();
                            if (upgrades.size() > 1) {
                                reply.awaitClose();
                            }
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            try (Receiver receiver =
                    connection.subscribe("orders", StartAt.earliest(), new Events())) {
                receiver.grant(1);
                await().until(() -> upgrades.size() == 2);
                assertThat(connection.states.getLast())
                        .isInstanceOf(ConnectionState.Reconnecting.class);

                mayUpgrade.countDown();

                await().until(() ->
                        connection.states.getLast() instanceof ConnectionState.Connected);
            }
        }
    }

    @Test
    void fromNowOnIsAPositionSoThatALinkBrokenBeforeTheFirstEventLosesNothing() throws Exception {
        var targets = new CopyOnWriteArrayList<String>();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            if (request.path().startsWith("/topics/")) {
                                reply.json(
                                        200,
                                        "{\"name\":\"orders\",\"first\":\"0\",\"last\":\"41\"}");
                                return;
                            }
                            targets.add(request.target());
                            reply.upgrade();
                            if (targets.size() == 2) {
                                reply.event(42, "published while the link was down");
                                reply.awaitClose();
                            }
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.now(), events)) {
                receiver.grant(1);
                await().until(() -> events.texts.size() == 1);
            }
            assertThat(targets)
                    .containsExactly(
                            "/subscribe/orders?format=json&from=41",
                            "/subscribe/orders?format=json&from=41");
        }
    }

    @Test
    void nothingIsDeliveredBeyondTheCredit() throws Exception {
        var sent = new CountDownLatch(1);
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            reply.upgrade();
                            for (int position = 0; position < 10; position++) {
                                reply.event(position, "e" + position);
                            }
                            sent.countDown();
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events)) {
                sent.await();
                assertThat(events.texts).isEmpty();

                receiver.grant(3);
                await().until(() -> events.texts.size() == 3);
                receiver.grant(4);
                await().until(() -> events.texts.size() >= 7);
                receiver.stop().get();
                receiver.grant(3);
            }
            assertThat(events.texts).containsExactly("e0", "e1", "e2", "e3", "e4", "e5", "e6");
        }
    }

    @Test
    void receiverOfAClosedTransportClosesQuietly() throws Exception {
        try (var server =
                new ScriptedServer((request, reply) -> {
                    reply.upgrade();
                    reply.awaitClose();
                })) {
            var connection = new Connection(server.uri() + "?heartbeat=10ms");
            var events = new Events();
            Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events);
            connection.close();
            await().untilAsserted(() -> {
                receiver.grant(1);
                assertThat(connection.states.getLast()).isInstanceOf(ConnectionState.Closed.class);
            });
            receiver.close();
            assertThat(events.failure).isEmpty();
        }
    }

    /** The JDK's WebSocket loses such bytes once in some hundred connections. */
    @Test
    void whatComesRightBehindTheHandshakeArrives() throws Exception {
        int events = 300;
        List<String> all = IntStream.range(0, events).mapToObj(at -> "e" + at).toList();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            reply.upgrade();
                            for (int position = 0; position < events; position++) {
                                reply.event(position, "e" + position);
                            }
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var turns = new ArrayList<Future<?>>();
            for (int thread = 0; thread < 6; thread++) {
                turns.add(
                        threads.submit(() -> {
                            for (int turn = 0; turn < 150; turn++) {
                                var heard = new Events();
                                try (Receiver receiver =
                                        connection.subscribe("orders", StartAt.earliest(), heard)) {
                                    receiver.grant(events);
                                    await().pollInterval(Duration.ofMillis(2))
                                            .untilAsserted(
                                                    () -> assertThat(heard.texts).isEqualTo(all));
                                }
                            }
                        }));
            }
            for (Future<?> turn : turns) {
                turn.get();
            }
            assertThat(connection.states).hasSize(2);
        }
    }

    @Test
    void slowSubscriberResumesAtOnceWithoutLosingTheLink() throws Exception {
        var targets = new CopyOnWriteArrayList<String>();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            targets.add(request.target());
                            reply.upgrade();
                            reply.event(targets.size(), "e" + targets.size());
                            if (targets.size() < 3) {
                                reply.close(4000, "slow; resume after " + targets.size());
                            }
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events)) {
                receiver.grant(10);
                await().until(() -> events.texts.size() == 3);
            }
            assertThat(events.texts).containsExactly("e1", "e2", "e3");
            assertThat(connection.states)
                    .doesNotHaveAnyElementsOfTypes(ConnectionState.Reconnecting.class);
        }
    }

    @Test
    void subscriptionThatTheServerRefusesEndsForGood() throws Exception {
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            reply.upgrade();
                            reply.close(1008, "not for you");
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events)) {
                receiver.grant(10);
                await().until(() -> events.failure.isPresent());
            }
            assertThat(events.failure.get()).hasMessageContaining("not for you");
            assertThat(server.requests("/subscribe/orders")).isOne();
        }
    }

    @Test
    void refusedHandshakeIsToldInTheServersWords() throws Exception {
        try (var server =
                        new ScriptedServer((request, reply) ->
                                reply.json(
                                        400,
                                        "{\"type\":\"urn:lapwing:problem:invalid-position\",\"detail\":\"Position"
                                            + " 9 is beyond the end\"}"));
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            assertThatThrownBy(() ->
                            connection.subscribe(
                                    "orders", StartAt.after(new Position("9")), new Events()))
                    .isInstanceOf(InvalidPositionException.class)
                    .hasMessageContaining("Position 9 is beyond the end");
        }
    }

    @Test
    void frameThatCannotBeReadEndsTheSubscription() throws Exception {
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            reply.upgrade();
                            reply.text("hello");
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events)) {
                receiver.grant(10);
                await().until(() -> events.failure.isPresent());
            }
            assertThat(events.failure.get()).isInstanceOf(LapwingException.class);
        }
    }

    @Test
    void gapIsToldAndCostsNoCredit() throws Exception {
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            reply.upgrade();
                            reply.text(
                                    "{\"gap\":{\"topic\":\"orders\",\"after\":\"4\",\"messages\":2,\"reason\":\"damaged\"}}");
                            reply.event(7, "e7");
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("orders", StartAt.earliest(), events)) {
                receiver.grant(1);
                await().until(() -> events.texts.size() == 1);
            }
            assertThat(events.gaps)
                    .containsExactly(
                            new dev.lapwing.Gap(
                                    "orders",
                                    java.util.Optional.of(new Position("4")),
                                    2,
                                    "damaged"));
        }
    }

    @Test
    void patternResumesFromATimeAndDropsWhatItHasSeen() throws Exception {
        var targets = new CopyOnWriteArrayList<String>();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            if (request.path().equals("/topics")) {
                                reply.json(
                                        200,
                                        "[{\"name\":\"a.x\",\"last\":\"1\"},{\"name\":\"b\",\"last\":\"5\"}]");
                                return;
                            }
                            targets.add(request.target());
                            reply.upgrade();
                            pattern(reply, "a.x", 0);
                            pattern(reply, "a.x", 1);
                            if (targets.size() == 2) {
                                pattern(reply, "a.y", 0);
                            } else {
                                reply.close(1001, "shutdown");
                            }
                            reply.awaitClose();
                        });
                var connection = new Connection(server.uri() + "?heartbeat=100ms")) {
            var events = new Events();
            try (Receiver receiver = connection.subscribe("a.*", StartAt.earliest(), events)) {
                receiver.grant(10);
                await().until(() -> events.texts.size() == 3);
            }
            assertThat(events.texts).isEqualTo(List.of("a.x0", "a.x1", "a.y0"));
            assertThat(targets)
                    .containsExactly(
                            "/subscribe/a.*?format=json&from=earliest",
                            "/subscribe/a.*?format=json&from=2026-11-20T23%3A59%3A00Z");
        }
    }

    private static void pattern(Reply reply, String topic, int position)
            throws java.io.IOException {
        reply.text(
                "{\"topic\":\"%s\",\"position\":\"%d\",\"time\":\"2026-11-21T00:00:00Z\",\"data\":\"%s%d\"}"
                        .formatted(topic, position, topic, position));
    }
}
