// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lapwing.Message;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Base64;

@ExtendWith(LeakGuard.class)
class SubscribeTest {
    private final TestServer server = TestServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void subscriberHearsWhatIsProducedAfterTheHandshake() throws Exception {
        server.publish("newtopic", "before");
        try (var subscriber = server.subscribe("newtopic")) {
            server.produce(
                    "newtopic", "application/json", "\"This is a new event\"".getBytes(UTF_8));

            assertThat(subscriber.next().string()).isEqualTo("This is a new event");
        }
    }

    @Test
    void everySubscriberHearsEveryEventInOrder() throws Exception {
        try (var one = server.subscribe("t");
                var two = server.subscribe("t");
                var json = server.subscribe("t?format=json");
                var other = server.subscribe("u")) {
            for (int at = 0; at < 500; at++) {
                server.publish("t", "event " + at);
            }
            server.publish("u", "end");

            for (int at = 0; at < 500; at++) {
                assertThat(one.next().string()).isEqualTo("event " + at);
                assertThat(two.next().string()).isEqualTo("event " + at);
                assertThat(json.next().string()).contains("\"data\":\"event " + at + "\"");
            }
            assertThat(other.next().string()).isEqualTo("end");
        }
    }

    @Test
    void textComesAsTextAndOtherBytesAsBinary() throws Exception {
        byte[] bytes = {1, (byte) 0xFF};
        try (var subscriber = server.subscribe("t")) {
            server.publish("t", "订单");
            server.lapwing().publish("t", bytes);
            server.publish("t", "");

            assertThat(subscriber.next())
                    .satisfies(event -> assertThat(event.text()).isTrue())
                    .satisfies(event -> assertThat(event.string()).isEqualTo("订单"));
            assertThat(subscriber.next())
                    .satisfies(event -> assertThat(event.text()).isFalse())
                    .satisfies(event -> assertThat(event.bytes()).isEqualTo(bytes));
            assertThat(subscriber.next().string()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 300_000})
    void eventsOfEverySizeArriveWhole(int size) throws Exception {
        String text = "x".repeat(size);
        try (var subscriber = server.subscribe("t");
                var json = server.subscribe("t?format=json")) {
            server.publish("t", text);

            assertThat(subscriber.next().string()).isEqualTo(text);
            assertThat(json.next().string()).contains("\"data\":\"" + text + "\"");
        }
    }

    @Test
    void jsonEventTellsAllThatBelongsToIt() throws Exception {
        try (var subscriber = server.subscribe("t?format=json")) {
            var message =
                    Message.to("t")
                            .id("id-1")
                            .key("k\"1")
                            .header("a", "1")
                            .header("b", "x")
                            .header("b", "y")
                            .header("c", "\u00e9")
                            .timeToLive(Duration.ofMinutes(1))
                            .text("line\n\u8ba2")
                            .build();
            String position = server.lapwing().publish(message).position().orElseThrow().token();

            assertThat(subscriber.next().string())
                    .startsWith("{\"position\":\"" + position + "\",\"id\":\"id-1\",")
                    .contains("\"key\":\"k\\\"1\",\"time\":\"20")
                    .contains("\"ttl\":60000")
                    .contains("\"headers\":{\"a\":\"1\",\"b\":[\"x\",\"y\"],\"c\":\"\u00e9\"}")
                    .endsWith("\"data\":\"line\\n\u8ba2\"}");
        }
    }

    @Test
    void jsonEventTellsBytesInBase64() throws Exception {
        byte[] bytes = {0, 1, (byte) 0xC3, 2};
        try (var subscriber = server.subscribe("t?format=json")) {
            server.lapwing().publish("t", bytes);

            assertThat(subscriber.next().string())
                    .contains(
                            "\"data_base64\":\"" + Base64.getEncoder().encodeToString(bytes) + "\"")
                    .doesNotContain("\"data\"");
        }
    }

    @Test
    void patternHearsAllItsTopicsAndJsonNamesThem() throws Exception {
        try (var subscriber = server.subscribe("orders.%3E?format=json");
                var raw = server.subscribe("orders.*")) {
            server.publish("orders.created", "1");
            server.publish("payments.created", "2");
            server.publish("orders.created.late", "3");
            server.publish("orders.paid", "4");

            assertThat(subscriber.next(3))
                    .anySatisfy(event -> assertThat(event).contains("orders.created\"", ":\"1\""))
                    .anySatisfy(
                            event -> assertThat(event).contains("orders.created.late", ":\"3\""))
                    .anySatisfy(event -> assertThat(event).contains("orders.paid", ":\"4\""));
            assertThat(raw.next(2)).containsExactlyInAnyOrder("1", "4");
        }
    }

    @Test
    void unicodeTopicIsHeard() throws Exception {
        try (var subscriber = server.subscribe(TestServer.encode("订单"))) {
            server.produceText("订单", "x");

            assertThat(subscriber.next().string()).isEqualTo("x");
        }
    }

    @Test
    void textThatTheClientSendsIsIgnored() throws Exception {
        try (var client = server.raw().upgrade("newtopic")) {
            client.sendText("");
            client.sendText("This is a new event");
            client.sendFrame(0x01, "in ".getBytes(UTF_8));
            client.sendFrame(0x89, "hello".getBytes(UTF_8));
            client.sendFrame(0x80, "pieces".getBytes(UTF_8));
            client.sendFrame(0x82, new byte[70_000]);
            server.publish("newtopic", "x");

            assertThat(client.frame())
                    .satisfies(pong -> assertThat(pong.opcode()).isEqualTo(0xA))
                    .satisfies(pong -> assertThat(pong.text()).isEqualTo("hello"));
            assertThat(client.frame().text()).isEqualTo("x");
        }
    }

    @Test
    void framesMayArriveByteByByte() throws Exception {
        try (var client = server.raw().upgrade("t")) {
            byte[] ping = {(byte) 0x89, (byte) 0x82, 1, 2, 3, 4, 'a' ^ 1, 'b' ^ 2};
            for (byte b : ping) {
                client.send(new byte[] {b});
            }

            assertThat(client.frame().text()).isEqualTo("ab");
        }
    }

    @Test
    void closeIsAnsweredAndEndsTheConnection() throws Exception {
        try (var client = server.raw().upgrade("t")) {
            client.sendFrame(0x88, new byte[] {(byte) (4321 >> 8), (byte) 4321});

            assertThat(client.frame().closeCode()).isEqualTo(4321);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void closeWithoutCodeIsAnsweredWithoutCode() throws Exception {
        try (var client = server.raw().upgrade("t")) {
            client.sendFrame(0x88, new byte[0]);

            assertThat(client.frame().payload()).isEmpty();
            assertThat(client.isEnded()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "C1 80 01 02 03 04, 1002, reserved bits",
        "81 05 68 65 6c 6c 6f, 1002, not masked",
        "83 80 01 02 03 04, 1002, opcode 3",
        "8B 80 01 02 03 04, 1002, opcode 11",
        "80 80 01 02 03 04, 1002, continuation",
        "01 80 01 02 03 04 81 80 01 02 03 04, 1002, inside another",
        "09 80 01 02 03 04, 1002, in pieces",
        "89 FE 00 7E 01 02 03 04, 1002, longer than 125",
        "81 FE 00 05 01 02 03 04, 1002, shortest",
        "81 FF 00 00 00 00 00 00 00 05 01 02 03 04, 1002, shortest",
        "81 FF 80 00 00 00 00 00 00 05 01 02 03 04, 1002, shortest",
        "81 FF 00 00 00 00 00 10 00 01 01 02 03 04, 1009, longer than 1048576",
        "88 81 01 02 03 04 05, 1002, ''",
        "88 82 00 00 00 00 03 ED, 1002, ''"
    })
    void clientThatBreaksTheProtocolIsClosedWithTheReason(String hex, int code, String reason)
            throws Exception {
        try (var client = server.raw().upgrade("t")) {
            client.send(java.util.HexFormat.ofDelimiter(" ").parseHex(hex));

            RawClient.Frame close = client.frame();
            assertThat(close.opcode()).isEqualTo(8);
            assertThat(close.closeCode()).isEqualTo(code);
            assertThat(close.closeReason()).contains(reason);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void messageInPiecesOverTheLimitIsTooBig() throws Exception {
        try (var client = server.raw().upgrade("t")) {
            client.sendFrame(0x01, new byte[1 << 19]);
            client.sendFrame(0x00, new byte[1 << 19]);
            client.sendFrame(0x00, new byte[1]);

            assertThat(client.frame().closeCode()).isEqualTo(1009);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Upgrade: websocket, t, 426",
        "X-Nothing: 1, t, 426",
        "Sec-WebSocket-Version: 8, t, 426",
        "Sec-WebSocket-Key: short, t, 400",
        "X-Nothing: 1, a..b, 400",
        "X-Nothing: 1, a.>.b, 400",
        "X-Nothing: 1, t?format=xml, 400",
        "X-Nothing: 1, t?from=2026-13-45T00:00:00Z, 400",
        "X-Nothing: 1, t?from=a%00b, 400"
    })
    void wrongUpgradeIsRefused(String header, String topic, int status) throws Exception {
        String name = header.substring(0, header.indexOf(':'));
        String right =
                "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        String headers =
                header.equals("Upgrade: websocket") || (header.startsWith("X-") && status == 426)
                        ? header + "\r\n"
                        : right.replaceFirst(name + ": .*\r\n", "") + header + "\r\n";
        try (var client = server.raw()) {
            client.send("GET /subscribe/" + topic + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");

            var reply = client.reply();
            assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
            assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
            if (status == 426) {
                assertThat(reply.header("upgrade")).isEqualTo("websocket");
                assertThat(reply.header("sec-websocket-version")).isEqualTo("13");
            }
        }
    }

    @Test
    void silentClientIsPingedAndThenClosed() throws Exception {
        try (var quick =
                        TestServer.start(options ->
                                options.withTimeouts(
                                        options.timeouts().withPing(Duration.ofMillis(200))));
                var client = quick.raw().upgrade("t")) {
            int pings = 0;
            RawClient.Frame frame = client.frame();
            for (; frame.opcode() == 9; frame = client.frame()) {
                pings++;
            }

            assertThat(pings).isPositive();
            assertThat(frame.closeCode()).isEqualTo(CloseCode.SILENT);
        }
    }

    @Test
    void clientThatAnswersPingsStays() throws Exception {
        try (var quick =
                        TestServer.start(options ->
                                options.withTimeouts(
                                        options.timeouts().withPing(Duration.ofMillis(100))));
                var client = quick.raw().upgrade("t")) {
            for (int pings = 0; pings < 10; pings++) {
                assertThat(client.frame().opcode()).isEqualTo(9);
                client.sendFrame(0x8A, new byte[0]);
            }
            quick.publish("t", "still here");

            RawClient.Frame frame = client.frame();
            while (frame.opcode() == 9) {
                client.sendFrame(0x8A, new byte[0]);
                frame = client.frame();
            }
            assertThat(frame.text()).isEqualTo("still here");
        }
    }
}
