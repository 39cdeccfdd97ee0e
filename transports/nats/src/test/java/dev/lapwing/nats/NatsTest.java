// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static dev.lapwing.nats.NatsClient.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.ConnectionState;
import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Position;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.testbed.NatsServer;

import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.impl.Headers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What is JetStream's alone, on a real server, with its own client on the other side. */
class NatsTest {

    private static NatsServer server;

    private final String stream = "s" + UUID.randomUUID().toString().substring(0, 8);
    private final String topic = stream + ".x";

    @BeforeAll
    static void start() {
        server = NatsServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Lapwing connect() {
        return Lapwing.connect(server.uri());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long stored(NatsClient client) throws Exception {
        return client.management().getStreamInfo(stream).getStreamState().getMsgCount();
    }

    private ConsumerInfo consumer(NatsClient client, String group) throws Exception {
        return client.management().getConsumerInfo(stream, NatsNames.durable(group, topic));
    }

    @Test
    void sameIdIsStoredOnceInATopicAndAgainInAnother() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            Message message = Message.to(topic).id("订单 1").text("x").build();
            PublishResult.Stored first = lapwing.publish(message);
            PublishResult.Stored second = lapwing.publish(message);
            assertThat(first.duplicate()).isFalse();
            assertThat(second.duplicate()).isTrue();
            assertThat(second.position()).isEqualTo(first.position());
            Message copy = Message.to(stream + ".copy").id("订单 1").text("x").build();
            assertThat(lapwing.publish(copy).duplicate()).isFalse();
            assertThat(stored(client)).isEqualTo(2);
        }
    }

    @Test
    void confirmationsOfManyPublishesAreInFlight() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            var sends = new ArrayList<CompletableFuture<PublishResult.Stored>>();
            for (int at = 0; at < 3_000; at++) {
                sends.add(lapwing.publishAsync(Message.to(topic).text("m" + at).build()));
            }
            var positions = new ArrayList<Long>();
            for (CompletableFuture<PublishResult.Stored> each : sends) {
                PublishResult.Stored stored = each.get(45, TimeUnit.SECONDS);
                positions.add(Long.parseLong(stored.position().orElseThrow().token()));
            }
            assertThat(positions).isSorted().doesNotHaveDuplicates().hasSize(3_000);
            assertThat(stored(client)).isEqualTo(3_000);
        }
    }

    /** The server keeps the pause: it waits although the program that asked for it has ended. */
    @Test
    void laterIsKeptByTheServer() throws Exception {
        Duration pause = Duration.ofSeconds(2);
        long asked;
        try (var client = new NatsClient(server.uri())) {
            try (Lapwing lapwing = connect()) {
                var begun = new CountDownLatch(1);
                Subscription later =
                        lapwing.subscribe(topic)
                                .group("g")
                                .decide(each -> {
                                    begun.countDown();
                                    return Outcome.retryAfter(pause);
                                });
                asked = System.nanoTime();
                lapwing.publish(topic, "x");
                begun.await();
                await(() -> assertThat(later.statistics().retried()).isEqualTo(1));
            }
            assertThat(consumer(client, "g").getNumAckPending()).isEqualTo(1);
            try (Lapwing lapwing = connect()) {
                var came = new CompletableFuture<Long>();
                lapwing.subscribe(topic)
                        .group("g")
                        .handle(each -> came.complete(System.nanoTime()));
                long waited = came.get(45, TimeUnit.SECONDS) - asked;
                assertThat(waited).isGreaterThanOrEqualTo(pause.toNanos());
            }
        }
    }

    @Test
    void handlerMayTakeLongerThanTheServerWaits() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            var never = new CountDownLatch(1);
            var attempts = new CopyOnWriteArrayList<Integer>();
            Subscription slow =
                    lapwing.subscribe(topic)
                            .group("slow")
                            .lease(Duration.ofSeconds(1))
                            .handle(each -> {
                                attempts.add(each.attempt());
                                assertThat(never.await(4, TimeUnit.SECONDS)).isFalse();
                            });
            lapwing.publish(topic, "x");
            await(() -> assertThat(slow.statistics().accepted()).isEqualTo(1));
            assertThat(attempts).containsExactly(1);
            assertThat(slow.statistics().lost()).isZero();
            ConsumerInfo consumer = consumer(client, "slow");
            assertThat(consumer.getDelivered().getConsumerSequence()).isEqualTo(1);
            assertThat(consumer.getNumAckPending()).isZero();
        }
    }

    @Test
    void replayBeginsBehindASequenceOrAtATime() {
        try (Lapwing lapwing = connect()) {
            Position second = null;
            for (int at = 0; at < 4; at++) {
                Position position = lapwing.publish(topic, "m" + at).position().orElseThrow();
                second = at == 1 ? position : second;
            }
            var all = new CopyOnWriteArrayList<Delivery>();
            lapwing.subscribe(topic).from(StartAt.after(new Position("0"))).handle(all::add);
            await(() -> assertThat(all).hasSize(4));
            var behind = new CopyOnWriteArrayList<String>();
            lapwing.subscribe(topic)
                    .from(StartAt.after(Objects.requireNonNull(second)))
                    .handle(each -> behind.add(each.text()));
            await(() -> assertThat(behind).containsExactly("m2", "m3"));
            var early = new CopyOnWriteArrayList<String>();
            lapwing.subscribe(topic)
                    .from(StartAt.time(all.getFirst().message().timestamp().minusSeconds(1)))
                    .handle(each -> early.add(each.text()));
            await(() -> assertThat(early).containsExactly("m0", "m1", "m2", "m3"));
        }
    }

    @Test
    void replayFromATimeLeavesOutWhatWasStoredBefore() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            lapwing.publish(topic, "before");
            Position after = lapwing.publish(topic, "after").position().orElseThrow();
            var time =
                    client.management()
                            .getMessage(stream, Long.parseLong(after.token()))
                            .getTime()
                            .toInstant();
            var heard = new CopyOnWriteArrayList<String>();
            lapwing.subscribe(topic)
                    .group("late")
                    .from(StartAt.time(time))
                    .handle(each -> heard.add(each.text()));
            await(() -> assertThat(heard).containsExactly("after"));
        }
    }

    @Test
    void groupIsADurableConsumerThatForeignMembersShare() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            Set<String> ours = ConcurrentHashMap.newKeySet();
            var theirs = new ArrayList<String>();
            Subscription member = lapwing.subscribe(topic).group("shared").handle(each -> {});
            member.close();
            for (int at = 0; at < 20; at++) {
                lapwing.publish(topic, "m" + at);
            }
            var foreign =
                    client.connection
                            .jetStream()
                            .subscribe(
                                    null,
                                    PullSubscribeOptions.bind(
                                            stream, NatsNames.durable("shared", topic)));
            for (var each : foreign.fetch(7, Duration.ofSeconds(30))) {
                theirs.add(new String(each.getData(), StandardCharsets.UTF_8));
                each.ackSync(Duration.ofSeconds(30));
            }
            lapwing.subscribe(topic).group("shared").handle(each -> ours.add(each.text()));
            await(() -> assertThat(ours).hasSize(13));
            assertThat(theirs).hasSize(7).doesNotContainAnyElementsOf(ours);
            await(() -> assertThat(consumer(client, "shared").getNumAckPending()).isZero());
        }
    }

    @Test
    void foreignHeadersArriveAsTheyAre() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            var heard = new CopyOnWriteArrayList<Message>();
            lapwing.subscribe(topic).handle(each -> heard.add(each.message()));
            var headers = new Headers();
            headers.add("Nats-Msg-Id", "their-id");
            headers.add("colour", "red", "blue");
            headers.add("encoded", "=?utf-8?B?6K6i5Y2V?=");
            var unused = client.connection.jetStream().publish(topic, headers, bytes("x"));
            await(() -> assertThat(heard).hasSize(1));
            Message message = heard.getFirst();
            assertThat(message.id()).contains("their-id");
            assertThat(message.key()).isEmpty();
            assertThat(message.headers().entries())
                    .extracting(each -> each.name() + "=" + each.text())
                    .containsExactly("colour=red", "colour=blue", "encoded=订单");
        }
    }

    /** The client's reader would end the link at such a message, which then comes again. */
    @Test
    void foreignHeadersThatAreNotAsciiEndNoLink() throws Exception {
        try (Lapwing lapwing = connect()) {
            var states = new CopyOnWriteArrayList<ConnectionState>();
            lapwing.onStateChange(states::add);
            var heard = new CopyOnWriteArrayList<Message>();
            lapwing.subscribe(topic).group("g").handle(each -> heard.add(each.message()));
            states.clear();
            publishRaw("NATS/1.0\r\nName: 订单\r\n\r\n", "first");
            lapwing.publish(topic, "second");
            await(() ->
                    assertThat(heard).extracting(Message::text).containsExactly("first", "second"));
            assertThat(heard.getFirst().headers().first("Name")).contains("订单");
            assertThat(states).isEmpty();
        }
    }

    private void publishRaw(String headers, String body) throws Exception {
        int size = bytes(headers).length;
        String wire =
                "CONNECT {\"verbose\":false,\"headers\":true}\r\nHPUB %s %d %d\r\n%s%s\r\nPING\r\n"
                        .formatted(topic, size, size + bytes(body).length, headers, body);
        try (var socket = new Socket(server.host(), server.port())) {
            socket.getOutputStream().write(bytes(wire));
            var answers =
                    new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(answers.lines().filter(line -> !line.startsWith("INFO")).findFirst())
                    .contains("PONG");
        }
    }

    @Test
    void foreignReaderSeesPlainHeaders() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            lapwing.publish(
                    Message.to(topic).id("i1").key("k1").header("colour", "red").text("x").build());
            var info = client.management().getLastMessage(stream, topic);
            assertThat(info.getData()).isEqualTo(bytes("x"));
            assertThat(info.getHeaders().get("colour")).isEqualTo(List.of("red"));
            assertThat(info.getHeaders().get("lapwing-key")).isEqualTo(List.of("k1"));
            assertThat(info.getHeaders().get("Nats-Msg-Id")).isEqualTo(List.of("i1@" + topic));
        }
    }
}
