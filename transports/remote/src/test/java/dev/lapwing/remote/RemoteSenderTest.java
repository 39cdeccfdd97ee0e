// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

class RemoteSenderTest {

    @Test
    void singleMessageTravelsAsItIsWithItsOptionsInTheQuery() throws Exception {
        var requests = new CopyOnWriteArrayList<ScriptedServer.Request>();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            requests.add(request);
                            reply.json(200, "{\"id\":\"a b\",\"topic\":\"订单\",\"position\":\"7\"}");
                        });
                var connection = new Connection(server.uri())) {
            var sending =
                    new Connection.Sending(
                            Message.to("订单")
                                    .id("a b")
                                    .key("ключ")
                                    .header("Größe", "1&2=3")
                                    .text("\"x\"")
                                    .build());
            connection.transport.sender().send(List.of(sending));

            assertThat(sending.result().get())
                    .isEqualTo(
                            PublishResult.stored(
                                    "a b",
                                    java.util.Optional.of(new dev.lapwing.Position("7")),
                                    false));
            assertThat(requests.getFirst().target())
                    .isEqualTo(
                            "/produce/%E8%AE%A2%E5%8D%95?id=a%20b&key=%D0%BA%D0%BB%D1%8E%D1%87"
                                    + "&header.Gr%C3%B6%C3%9Fe=1%262%3D3");
            assertThat(requests.getFirst().body()).isEqualTo("\"x\"");
            assertThat(requests.getFirst().headers())
                    .containsEntry("content-type", "application/octet-stream");
        }
    }

    @Test
    void messagesOfOneTopicTravelTogetherAndInOrder() throws Exception {
        var bodies = new CopyOnWriteArrayList<String>();
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            bodies.add(request.body());
                            reply.json(200, answers(request.body()));
                        });
                var connection = new Connection(server.uri())) {
            String[] texts = IntStream.range(0, 500).mapToObj(i -> "m" + i).toArray(String[]::new);

            List<PublishResult> results = connection.send("orders", texts);

            assertThat(results).hasSize(500).allMatch(PublishResult.Stored.class::isInstance);
            assertThat(results)
                    .extracting(r -> ((PublishResult.Stored) r).id())
                    .containsExactly(texts);
            assertThat(String.join("\n", bodies).lines().map(RemoteSenderTest::data))
                    .containsExactly(texts);
            assertThat(server.requests("/batch")).isLessThan(10);
        }
    }

    @Test
    void everyLineOfABatchHasItsOwnResult() throws Exception {
        try (var server =
                        new ScriptedServer((request, reply) ->
                                reply.json(
                                        200,
                                        """
                                        {"id":"a","position":"1"}
                                        {"refused":"the disk is full","retriable":true}
                                        {"unknown":"the disk did not answer"}
                                        """));
                var connection = new Connection(server.uri())) {
            assertThat(connection.send("orders", "a", "b", "c", "d"))
                    .containsExactly(
                            PublishResult.stored(
                                    "a",
                                    java.util.Optional.of(new dev.lapwing.Position("1")),
                                    false),
                            new PublishResult.Refused("the disk is full", true),
                            new PublishResult.Unknown("the disk did not answer"),
                            new PublishResult.Unknown("the server did not tell what became of it"));
        }
    }

    @Test
    void brokenConnectionAfterSendingIsUnknown() throws Exception {
        try (var server = new ScriptedServer((request, reply) -> reply.cut());
                var connection = new Connection(server.uri())) {
            assertThat(connection.send("orders", "a").getFirst())
                    .isInstanceOf(PublishResult.Unknown.class);
        }
    }

    @Test
    void serverThatIsGoneIsARefusalThatMayBeRetried() throws Exception {
        var server = new ScriptedServer((request, reply) -> reply.json(200, "{}"));
        try (var connection = new Connection(server.uri())) {
            server.close();

            PublishResult first = connection.send("orders", "a").getFirst();
            // The kept connection breaks once; after that nothing can be sent.
            PublishResult next = connection.send("orders", "b").getFirst();

            assertThat(first)
                    .isInstanceOfAny(PublishResult.Unknown.class, PublishResult.Refused.class);
            assertThat(next).isEqualTo(new PublishResult.Refused("connection refused", true));
            assertThat(connection.states).anyMatch(ConnectionState.Reconnecting.class::isInstance);
        }
    }

    @Test
    void refusalOfTheServerIsTold() throws Exception {
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            switch (request.path()) {
                                case "/produce/full" ->
                                        reply.json(
                                                503,
                                                "{\"type\":\"urn:lapwing:problem:unavailable\",\"detail\":\"the"
                                                    + " disk is full\"}");
                                case "/produce/closed" ->
                                        reply.json(
                                                503,
                                                "{\"type\":\"urn:lapwing:problem:refused\",\"detail\":\"no\"}");
                                case "/produce/late" ->
                                        reply.json(504, "{\"title\":\"It may be stored or not\"}");
                                default -> reply.json(413, "not even JSON");
                            }
                        });
                var connection = new Connection(server.uri())) {
            assertThat(connection.send("full", "a"))
                    .containsExactly(new PublishResult.Refused("the disk is full", true));
            assertThat(connection.send("closed", "a"))
                    .containsExactly(new PublishResult.Refused("no", false));
            assertThat(connection.send("late", "a"))
                    .containsExactly(new PublishResult.Unknown("It may be stored or not"));
            assertThat(connection.send("large", "a"))
                    .containsExactly(
                            new PublishResult.Refused(
                                    "the server answered with status 413", false));
        }
    }

    @Test
    void closingCompletesWhatIsUnderWayAsUnknown() throws Exception {
        var arrived = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        try (var server =
                        new ScriptedServer((request, reply) -> {
                            arrived.countDown();
                            never.await();
                        });
                var connection = new Connection(server.uri())) {
            var first = new Connection.Sending(Message.to("t").id("1").text("1").build());
            connection.transport.sender().send(List.of(first));
            arrived.await();
            var waiting = new Connection.Sending(Message.to("t").id("2").text("2").build());
            connection.transport.sender().send(List.of(waiting));

            connection.close();

            assertThat(first.result().get()).isInstanceOf(PublishResult.Unknown.class);
            assertThat(waiting.result().get()).isInstanceOf(PublishResult.Unknown.class);
        }
    }

    @Test
    void capabilitiesAreWhatTheServerToldAndThePathsCarry() throws Exception {
        try (var server = new ScriptedServer((request, reply) -> reply.cut());
                var connection = new Connection(server.uri())) {
            var capabilities = connection.transport.capabilities();

            assertThat(capabilities.isNative(Capability.DURABLE)).isTrue();
            assertThat(capabilities.has(Capability.DELAY)).isFalse();
            assertThatThrownBy(() -> capabilities.require(Capability.GROUPS))
                    .hasMessageContaining("lapwing server")
                    .hasMessageContaining("embedded:DIR");
        }
    }

    @Test
    void nobodyThereIsToldWithWhatToDo() throws Exception {
        var server = new ScriptedServer((request, reply) -> reply.cut());
        server.close();

        assertThatThrownBy(() -> new Connection(server.uri()))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessage(
                        "No Lapwing server answers at %s: connection refused. Start one with: lapwing serve"
                                .formatted(server.uri()));
    }

    private static String answers(String body) {
        if (!body.startsWith("{")) {
            return "{\"id\":\"%s\"}".formatted(body);
        }
        return String.join(
                "\n", body.lines().map(line -> "{\"id\":\"%s\"}".formatted(data(line))).toList());
    }

    private static String data(String line) {
        return line.startsWith("{") ? line.replaceAll(".*\"data\":\"([^\"]*)\".*", "$1") : line;
    }
}
