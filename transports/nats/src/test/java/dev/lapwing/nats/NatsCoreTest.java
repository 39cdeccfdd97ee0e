// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static dev.lapwing.nats.NatsClient.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Gap;
import dev.lapwing.Guarantee;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.NoReplierException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.testbed.NatsServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What is core NATS's alone, on a real server, with its own client on the other side. */
class NatsCoreTest {

    private static NatsServer server;

    @BeforeAll
    static void start() {
        server = NatsServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Lapwing connect() {
        return Lapwing.connect(server.uri() + "?mode=core");
    }

    @Test
    void foreignRequesterIsAnswered() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            lapwing.subscribe("rpc.double").reply(each -> each.text() + each.text());
            var reply =
                    client.connection.request(
                            "rpc.double",
                            "ab".getBytes(StandardCharsets.UTF_8),
                            Duration.ofSeconds(20));
            assertThat(new String(reply.getData(), StandardCharsets.UTF_8)).isEqualTo("abab");
        }
    }

    @Test
    void foreignResponderAnswers() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            client.connection
                    .createDispatcher(
                            asked -> client.connection.publish(asked.getReplyTo(), asked.getData()))
                    .subscribe("rpc.echo");
            client.flush();
            Message reply =
                    lapwing.request(
                            Message.to("rpc.echo").text("订单").build(), Duration.ofSeconds(20));
            assertThat(reply.text()).isEqualTo("订单");
        }
    }

    @Test
    void requestToNobodyEndsAtOnce() {
        try (Lapwing lapwing = connect()) {
            Message request = Message.to("rpc.nobody").text("x").build();
            assertThatThrownBy(() -> lapwing.request(request, Duration.ofHours(1)))
                    .isInstanceOf(NoReplierException.class)
                    .hasMessageContaining("rpc.nobody");
        }
    }

    @Test
    void queueGroupSharesWithForeignMembers() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            var ours = new CopyOnWriteArrayList<String>();
            var theirs = new CopyOnWriteArrayList<String>();
            lapwing.subscribe("queue.x")
                    .group("workers")
                    .guarantee(Guarantee.AT_MOST_ONCE)
                    .handle(each -> ours.add(each.text()));
            client.connection
                    .createDispatcher(
                            each -> theirs.add(new String(each.getData(), StandardCharsets.UTF_8)))
                    .subscribe("queue.x", "workers");
            client.flush();
            for (int at = 0; at < 200; at++) {
                lapwing.publish("queue.x", "m" + at);
            }
            await(() -> assertThat(ours.size() + theirs.size()).isEqualTo(200));
            assertThat(ours).isNotEmpty();
            assertThat(theirs).isNotEmpty();
        }
    }

    @Test
    void groupThatRemembersIsRefused() {
        try (Lapwing lapwing = connect()) {
            assertThatThrownBy(() -> lapwing.subscribe("a.b").group("g").handle(each -> {}))
                    .isInstanceOf(UnsupportedCapabilityException.class);
        }
    }

    @Test
    void wildcardAtTheBeginningSeesTopicsOnly() {
        try (Lapwing lapwing = connect()) {
            var topics = new CopyOnWriteArrayList<String>();
            lapwing.subscribe(">").handle(each -> topics.add(each.topic()));
            lapwing.subscribe("wild.ask").reply(each -> "yes");
            assertThat(
                            lapwing.request(
                                            Message.to("wild.ask").text("?").build(),
                                            Duration.ofSeconds(20))
                                    .text())
                    .isEqualTo("yes");
            lapwing.publish("wild.订单", "x");
            await(() -> assertThat(topics).contains("wild.ask", "wild.订单"));
            assertThat(topics).allMatch(topic -> topic.startsWith("wild."));
        }
    }

    /** The last topic of a burst once waited for the next one, when no topic came behind it. */
    @Test
    void topicWithOnlyInboxesBehindItIsDelivered() throws Exception {
        try (Lapwing lapwing = connect();
                var client = new NatsClient(server.uri())) {
            var texts = new CopyOnWriteArrayList<String>();
            lapwing.subscribe(">").handle(each -> texts.add(each.text()));
            for (int at = 0; at < 50; at++) {
                String text = "m" + at;
                client.connection.publish("last.x", text.getBytes(StandardCharsets.UTF_8));
                for (int behind = 0; behind < 100; behind++) {
                    client.connection.publish("_INBOX.nobody", new byte[0]);
                }
                client.flush();
                await(() -> assertThat(texts).contains(text));
            }
        }
    }

    @Test
    void whatASlowConsumerCannotHoldIsToldAsAGap() throws Exception {
        try (Lapwing slow = Lapwing.connect(server.uri() + "?mode=core&buffer=10");
                Lapwing fast = connect()) {
            var gaps = new CopyOnWriteArrayList<Gap>();
            var begun = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            var handled = new AtomicLong();
            slow.subscribe("slow.x")
                    .prefetch(1)
                    .onGap(gaps::add)
                    .handle(each -> {
                        begun.countDown();
                        go.await();
                        handled.incrementAndGet();
                    });
            for (int at = 0; at < 50; at++) {
                fast.publish("slow.x", "m" + at);
            }
            begun.await();
            go.countDown();
            // The last ones may still be on their way when there is room again.
            await(() -> {
                assertThat(gaps).isNotEmpty();
                assertThat(gaps.stream().mapToLong(Gap::messages).sum() + handled.get())
                        .isEqualTo(50);
            });
        }
    }

    @Test
    void optionsOfJetStreamAreRefused() {
        assertThatThrownBy(() -> Lapwing.connect(server.uri() + "?mode=core&stream=X"))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("stream");
    }
}
