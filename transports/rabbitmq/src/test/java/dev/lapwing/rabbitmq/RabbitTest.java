// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static dev.lapwing.rabbitmq.Ear.eventually;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.GetResponse;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.Capability;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Guarantee;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Subscription;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.testbed.RabbitServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** What queues and messages of RabbitMQ have that others have not, on a real server. */
class RabbitTest {
    private static RabbitServer server;

    private final String topic = "t-" + UUID.randomUUID();
    private final String queue = topic + ".g";

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

    private void keep(Lapwing lapwing) {
        lapwing.subscribe(topic).group("g").handle(new Ear()).close();
    }

    private static GetResponse get(RawRabbit raw, String from) throws Exception {
        GetResponse response = raw.channel().basicGet(from, true);
        assertThat(response).as("a message in " + from).isNotNull();
        return response;
    }

    @Test
    void messageIsPropertiesAndATable() throws Exception {
        try (Lapwing lapwing = connect("?max-priority=9");
                RawRabbit raw = new RawRabbit(server)) {
            keep(lapwing);
            String id =
                    lapwing.publish(
                                    Message.to(topic)
                                            .text("订单")
                                            .id("i-1")
                                            .key("k")
                                            .correlationId("c-1")
                                            .replyTo("answers")
                                            .priority(5)
                                            .timeToLive(Duration.ofMinutes(1))
                                            .timestamp(Instant.ofEpochMilli(1_700_000_000_123L))
                                            .header("content-type", "text/plain")
                                            .header("名", "值")
                                            .build())
                            .id();
            GetResponse got = get(raw, queue);
            BasicProperties properties = got.getProps();
            assertThat(new String(got.getBody(), "UTF-8")).isEqualTo("订单");
            assertThat(properties.getMessageId()).isEqualTo(id).isEqualTo("i-1");
            assertThat(properties.getCorrelationId()).isEqualTo("c-1");
            assertThat(properties.getReplyTo()).isEqualTo("answers");
            assertThat(properties.getPriority()).isEqualTo(5);
            assertThat(properties.getExpiration()).isEqualTo("60000");
            assertThat(properties.getDeliveryMode()).isEqualTo(2);
            assertThat(properties.getContentType()).isEqualTo("text/plain");
            assertThat(properties.getTimestamp()).isEqualTo(new Date(1_700_000_000_000L));
            assertThat(properties.getHeaders())
                    .containsEntry("timestamp_in_ms", 1_700_000_000_123L)
                    .hasEntrySatisfying("名", value -> assertThat(value).hasToString("值"))
                    .hasEntrySatisfying("lapwing-key", value -> assertThat(value).hasToString("k"));
        }
    }

    @Test
    void plainMessageHasNoHeaders() throws Exception {
        try (Lapwing lapwing = connect("");
                RawRabbit raw = new RawRabbit(server)) {
            keep(lapwing);
            Message sent = Message.to(topic).text("plain").build();
            lapwing.publish(sent);
            assertThat(get(raw, queue).getProps().getHeaders()).isNull();
            lapwing.publish(sent);
            var ear = new Ear();
            lapwing.subscribe(topic).group("g").handle(ear);
            assertThat(ear.first().message().timestamp())
                    .isEqualTo(sent.timestamp().truncatedTo(ChronoUnit.MILLIS));
        }
    }

    @Test
    void whatMayHaveBeenHandledIsDroppedWhereAtMostOnceIsAskedFor() {
        try (Lapwing lapwing = connect("")) {
            var begun = new CountDownLatch(1);
            var never = new CountDownLatch(1);
            Subscription first =
                    lapwing.subscribe(topic)
                            .group("g")
                            .handle(each -> {
                                begun.countDown();
                                never.await();
                            });
            lapwing.publish(topic, "begun");
            eventually(() -> assertThat(begun.getCount()).isZero());
            first.drain(Duration.ZERO);
            var ear = new Ear();
            Subscription second =
                    lapwing.subscribe(topic)
                            .group("g")
                            .guarantee(Guarantee.AT_MOST_ONCE)
                            .handle(ear);
            lapwing.publish(topic, "new");
            eventually(() -> assertThat(ear.texts()).containsExactly("new"));
            eventually(() -> assertThat(second.statistics().lost()).isEqualTo(1));
        }
    }

    @Test
    void headersOfAllTypesArrive() throws Exception {
        try (Lapwing lapwing = connect("");
                RawRabbit raw = new RawRabbit(server)) {
            var ear = new Ear();
            lapwing.subscribe(topic).group("g").handle(ear);
            var table = new HashMap<String, Object>();
            table.put("text", "t");
            table.put("int", 7);
            table.put("long", 1L << 40);
            table.put("bool", true);
            table.put("double", 1.5);
            table.put("bytes", new byte[] {(byte) 0xff, 0});
            table.put("time", new Date(1_700_000_000_000L));
            table.put("list", List.of("a", 2));
            table.put("map", Map.of("x", 1));
            table.put("nothing", null);
            var properties = new BasicProperties.Builder().headers(table).build();
            raw.channel().basicPublish("amq.topic", topic, properties, new byte[0]);
            var headers = ear.first().message().headers();
            assertThat(headers.first("text")).contains("t");
            assertThat(headers.first("int")).contains("7");
            assertThat(headers.first("long")).contains("1099511627776");
            assertThat(headers.first("bool")).contains("true");
            assertThat(headers.first("double")).contains("1.5");
            assertThat(headers.first("time")).contains("2023-11-14T22:13:20Z");
            assertThat(headers.first("map")).contains("{\"x\":1}");
            assertThat(headers.first("nothing")).contains("");
            assertThat(headers.entries())
                    .filteredOn(header -> header.name().equals("list"))
                    .extracting(header -> header.text())
                    .containsExactly("a", "2");
            assertThat(headers.entries())
                    .filteredOn(header -> header.name().equals("bytes"))
                    .allSatisfy(
                            header -> assertThat(header.value()).containsExactly((byte) 0xff, 0));
        }
    }

    @Test
    void urgentMessagesOvertake() {
        try (Lapwing lapwing = connect("?max-priority=9")) {
            keep(lapwing);
            for (int priority : new int[] {0, 9, 5}) {
                lapwing.publish(Message.to(topic).text("p" + priority).priority(priority).build());
            }
            var ear = new Ear();
            lapwing.subscribe(topic).group("g").prefetch(1).concurrency(1).handle(ear);
            Ear.eventually(() -> assertThat(ear.texts()).containsExactly("p9", "p5", "p0"));
            assertThat(lapwing.capabilities().isNative(Capability.PRIORITY)).isTrue();
        }
    }

    @Test
    void argumentsOfQueuesAreDeclared() throws Exception {
        try (Lapwing lapwing =
                        connect(
                                "?max-length=3&max-length-bytes=1MiB&overflow=drop-head"
                                        + "&message-ttl=1h&expires=2h&single-active-consumer=true"
                                        + "&arguments=x-queue-mode=lazy");
                RawRabbit raw = new RawRabbit(server)) {
            keep(lapwing);
            Map<String, Object> arguments =
                    Map.of(
                            "x-max-length",
                            3L,
                            "x-max-length-bytes",
                            1L << 20,
                            "x-overflow",
                            "drop-head",
                            "x-message-ttl",
                            3_600_000L,
                            "x-expires",
                            7_200_000L,
                            "x-single-active-consumer",
                            true,
                            "x-queue-mode",
                            "lazy");
            raw.channel().queueDeclare(queue, true, false, false, arguments);
            for (int at = 0; at < 5; at++) {
                lapwing.publish(topic, "m" + at);
            }
            var ear = new Ear();
            lapwing.subscribe(topic).group("g").handle(ear);
            Ear.eventually(() -> assertThat(ear.texts()).containsExactly("m2", "m3", "m4"));
        }
    }

    @Test
    void deadLetterExchangeTakesWhatIsRejected() throws Exception {
        String dead = "dead-" + topic;
        try (Lapwing lapwing = connect("?dead-letter-exchange=&dead-letter-routing-key=" + dead);
                RawRabbit raw = new RawRabbit(server)) {
            raw.channel().queueDeclare(dead, true, false, false, Map.of());
            lapwing.subscribe(topic).group("g").decide(each -> Outcome.reject("not for us"));
            lapwing.publish(topic, "poison");
            Ear.eventually(() -> {
                GetResponse got = get(raw, dead);
                assertThat(new String(got.getBody(), "UTF-8")).isEqualTo("poison");
                assertThat(got.getProps().getHeaders()).containsKey("x-death");
            });
            assertThat(lapwing.capabilities().isNative(Capability.DEAD_LETTERS)).isTrue();
        }
    }

    @Test
    void deliveryLimitTakesWhatKillsItsHandlers() throws Exception {
        String dead = "dead-" + topic;
        String options =
                "?queue-type=quorum&delivery-limit=2&dead-letter-exchange="
                        + "&dead-letter-routing-key="
                        + dead;
        try (RawRabbit raw = new RawRabbit(server)) {
            raw.channel().queueDeclare(dead, true, false, false, Map.of());
            try (Lapwing lapwing = connect(options)) {
                keep(lapwing);
                lapwing.publish(topic, "poison");
            }
            for (int death = 0; death < 3; death++) {
                try (RawRabbit dies = new RawRabbit(server)) {
                    Ear.eventually(
                            () -> assertThat(dies.channel().basicGet(queue, false)).isNotNull());
                }
            }
            Ear.eventually(() -> get(raw, dead));
        }
    }

    @Test
    void prefetchIsWhatTheBrokerHandsOut() throws Exception {
        var release = new CountDownLatch(1);
        try (Lapwing lapwing = connect("");
                RawRabbit raw = new RawRabbit(server)) {
            keep(lapwing);
            lapwing.publishAll(
                    IntStream.range(0, 50)
                            .mapToObj(at -> Message.to(topic).text("m" + at).build())
                            .toList());
            var held =
                    lapwing.subscribe(topic).group("g").prefetch(7).handle(each -> release.await());
            Ear.eventually(() ->
                    assertThat(raw.channel().queueDeclarePassive(queue).getMessageCount())
                            .isEqualTo(43));
            release.countDown();
            Ear.eventually(() -> assertThat(held.statistics().accepted()).isEqualTo(50));
        }
    }

    @Test
    void administrationNeedsTheManagementApiAndItsLogin() {
        try (Lapwing lapwing = connect("")) {
            assertThatThrownBy(lapwing::administration)
                    .isInstanceOf(UnsupportedCapabilityException.class)
                    .hasMessageContaining("management=");
        }
        String host = server.managementUri().toString().substring("http://".length());
        try (Lapwing lapwing = connect("?management=http://" + host)) {
            keep(lapwing);
            lapwing.publish(topic, "1");
            assertThat(lapwing.administration().topic(topic))
                    .hasValueSatisfying(info -> assertThat(info.messages()).isOne());
            assertThat(lapwing.administration().peekPending(topic, "g", 10)).hasSize(1);
            assertThat(lapwing.administration().purge(topic)).isOne();
            lapwing.administration().deleteGroup(topic, "g");
            assertThat(lapwing.administration().topic(topic)).isEmpty();
        }
        try (Lapwing lapwing = connect("?management=http://guest:wr0ng@" + host)) {
            assertThatThrownBy(() -> lapwing.administration().topics())
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining(host)
                    .hasMessageNotContaining("wr0ng");
        }
        try (Lapwing lapwing = connect("?management=http://guest:wr0ng@127.0.0.1:1")) {
            assertThatThrownBy(() -> lapwing.administration().topics())
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("127.0.0.1:1")
                    .hasMessageNotContaining("wr0ng");
        }
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        for (String options :
                new String[] {
                    "?exchange-type=queue",
                    "?match=format=pdf",
                    "?exchange-type=headers&match=format",
                    "?queue-type=quorum&exclusive=true",
                    "?queue-type=quorum&max-priority=9",
                    "?max-priority=256",
                    "?channels=0",
                    "?heartbeat=1ms",
                    "?ca=none.pem",
                    "?management=ftp://host",
                    "?prefetch=1"
                }) {
            String uri =
                    server.uri().replace("amqp:", options.contains("ca=") ? "amqps:" : "amqp:");
            assertThatThrownBy(() -> Lapwing.connect(uri + options))
                    .as(options)
                    .isInstanceOf(InvalidUriException.class)
                    .hasMessageNotContaining("guest:guest");
        }
    }
}
