// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.testbed.RabbitServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Exchanges of each kind, plain queues, and what a restart leaves of them. */
class RabbitExchangesTest {
    private static RabbitServer server;

    private final String name = "t-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        server = RabbitServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Lapwing connect(String options) {
        return Lapwing.connect(server.uri() + options);
    }

    private static void assertHears(Ear ear, String... texts) {
        Ear.eventually(() -> assertThat(ear.texts()).containsExactly(texts));
    }

    @Test
    void directExchangeRoutesByTopicAndHasNoPatterns() {
        try (Lapwing lapwing = connect("?exchange-type=direct&exchange=" + name)) {
            var one = new Ear();
            var other = new Ear();
            lapwing.subscribe("one").group("g").handle(one);
            lapwing.subscribe("other").group("g").handle(other);
            lapwing.publish("one", "1");
            lapwing.publish("other", "2");
            assertHears(one, "1");
            assertHears(other, "2");
            assertThatThrownBy(() -> lapwing.subscribe("*").group("p").handle(new Ear()))
                    .isInstanceOfSatisfying(
                            UnsupportedCapabilityException.class,
                            refusal ->
                                    assertThat(refusal.capability())
                                            .isEqualTo(Capability.PATTERNS));
            assertThatThrownBy(() -> lapwing.publish("third", "nobody hears it"))
                    .isInstanceOf(PublishRefusedException.class);
        }
    }

    @Test
    void topicExchangeOfOnesOwnHasPatterns() {
        try (Lapwing lapwing = connect("?exchange=" + name)) {
            var some = new Ear();
            var all = new Ear();
            lapwing.subscribe("orders.*").group("some").handle(some);
            lapwing.subscribe("orders.>").group("all").handle(all);
            lapwing.publish("orders.new", "1");
            lapwing.publish("orders.new.large", "2");
            assertHears(some, "1");
            assertHears(all, "1", "2");
        }
    }

    @Test
    void fanoutGivesEverythingToEveryGroup() {
        try (Lapwing lapwing = connect("?exchange-type=fanout&exchange=" + name)) {
            var first = new Ear();
            var second = new Ear();
            var alone = new Ear();
            lapwing.subscribe(name).group("first").handle(first);
            lapwing.subscribe("whatever").group("second").handle(second);
            lapwing.subscribe(name).handle(alone);
            lapwing.publish(name, "1");
            for (Ear ear : List.of(first, second, alone)) {
                assertHears(ear, "1");
            }
        }
    }

    @Test
    void headersExchangeMatches() {
        String exchange = "?exchange-type=headers&exchange=" + name;
        try (Lapwing pdf = connect(exchange + "&match=x-match=all,format=pdf,kind=bill");
                Lapwing any = connect(exchange + "&match=x-match=any,format=pdf,kind=bill")) {
            var bills = new Ear();
            var either = new Ear();
            pdf.subscribe(name).group("bills").handle(bills);
            any.subscribe(name).group("either").handle(either);
            pdf.publish(
                    Message.to(name)
                            .text("both")
                            .header("format", "pdf")
                            .header("kind", "bill")
                            .build());
            pdf.publish(Message.to(name).text("one").header("format", "pdf").build());
            assertThatThrownBy(() -> pdf.publish(name, "none"))
                    .isInstanceOf(PublishRefusedException.class);
            assertHears(either, "both", "one");
            assertHears(bills, "both");
        }
    }

    @Test
    void plainQueueIsMadeByWhoeverComesFirstAndSharedByItsConsumers() throws Exception {
        try (Lapwing producer = connect("?exchange=");
                Lapwing worker = connect("?exchange=");
                RawRabbit raw = new RawRabbit(server)) {
            producer.publish(name, "1");
            raw.channel().basicPublish("", name, null, "2".getBytes());
            var ear = new Ear();
            worker.subscribe(name).group(name).handle(ear);
            assertHears(ear, "1", "2");
            assertThat(ear.heard().getLast().message().topic()).isEqualTo(name);
            assertThatThrownBy(() -> worker.subscribe(name).handle(new Ear()))
                    .isInstanceOf(UnsupportedCapabilityException.class)
                    .hasMessageContaining(name);
        }
    }

    @Test
    void producerTakesAPlainQueueAsItIs() throws Exception {
        try (Lapwing producer = connect("?exchange=");
                RawRabbit raw = new RawRabbit(server)) {
            raw.channel().queueDeclare(name, false, false, false, Map.of("x-max-length", 7));
            producer.publish(name, "1");
            assertThat(raw.channel().queueDeclarePassive(name).getMessageCount()).isOne();
        }
    }

    @Test
    void queueByItsNameIsConsumed() throws Exception {
        try (Lapwing lapwing = connect("?queue=" + name);
                RawRabbit raw = new RawRabbit(server)) {
            var ear = new Ear();
            lapwing.subscribe(name + ".topic").group(name).handle(ear);
            lapwing.publish(name + ".topic", "1");
            raw.channel().basicPublish("", name, null, "2".getBytes());
            assertHears(ear, "1", "2");
        }
    }

    @Test
    void exclusiveQueueGoesWithItsConnection() throws Exception {
        try (RawRabbit raw = new RawRabbit(server)) {
            try (Lapwing lapwing = connect("?exclusive=true")) {
                var ear = new Ear();
                lapwing.subscribe(name).group("g").handle(ear);
                lapwing.publish(name, "1");
                assertHears(ear, "1");
                assertThatThrownBy(() -> raw.another().queueDeclarePassive(name + ".g"))
                        .hasStackTraceContaining("RESOURCE_LOCKED");
                assertThatThrownBy(() -> lapwing.capabilities().require(Capability.DURABLE))
                        .isInstanceOf(UnsupportedCapabilityException.class);
            }
            assertGone(raw, name + ".g");
        }
    }

    @Test
    void autoDeleteQueueGoesWithItsLastConsumer() throws Exception {
        try (RawRabbit raw = new RawRabbit(server);
                Lapwing lapwing = connect("?auto-delete=true")) {
            var subscription = lapwing.subscribe(name).group("g").handle(new Ear());
            raw.channel().queueDeclarePassive(name + ".g");
            subscription.close();
            assertGone(raw, name + ".g");
        }
    }

    private static void assertGone(RawRabbit raw, String queue) {
        Ear.eventually(() ->
                assertThatThrownBy(() -> raw.another().queueDeclarePassive(queue))
                        .hasStackTraceContaining("NOT_FOUND"));
    }

    @Test
    void queueThatIsDeletedUnderASubscriptionEndsIt() throws Exception {
        try (RawRabbit raw = new RawRabbit(server);
                Lapwing lapwing = connect("")) {
            var subscription = lapwing.subscribe(name).group("g").handle(new Ear());
            Ear.eventually(() -> assertThat(raw.channel().consumerCount(name + ".g")).isOne());
            raw.channel().queueDelete(name + ".g");
            Ear.eventually(() ->
                    assertThat(subscription.ended().toCompletableFuture())
                            .isCompletedExceptionally());
            assertThatThrownBy(() -> subscription.ended().toCompletableFuture().join())
                    .hasCauseInstanceOf(LapwingException.class)
                    .hasMessageContaining("was deleted");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "topic", "fanout"})
    void everythingIsDeclaredAgainAfterARestart(String type) {
        try (Lapwing lapwing =
                connect(
                        "?durable=false&heartbeat=1s&exchange-type=%s&exchange=%s"
                                .formatted(type, name))) {
            var grouped = new Ear();
            var alone = new Ear();
            lapwing.subscribe(name).group("g").handle(grouped);
            lapwing.subscribe(name).handle(alone);
            server.restart();
            Ear.eventually(() -> lapwing.publish(name, "after"));
            for (Ear ear : List.of(grouped, alone)) {
                Ear.eventually(() -> assertThat(ear.texts()).contains("after"));
            }
        }
    }

    @Test
    void requestToNobodyIsToldAtOnceAndRepliesGoTheDirectWay() {
        try (Lapwing lapwing = connect("")) {
            assertThatThrownBy(() ->
                            lapwing.request(
                                    Message.to(name).text("?").build(), Duration.ofMinutes(5)))
                    .isInstanceOf(dev.lapwing.NoReplierException.class);
            lapwing.subscribe(name)
                    .group("g")
                    .reply(each -> each.message().replyTo().orElse("nowhere"));
            assertThat(
                            lapwing.request(
                                            Message.to(name).text("?").build(),
                                            Duration.ofMinutes(1))
                                    .text())
                    .startsWith("amq.rabbitmq.reply-to");
        }
    }
}
