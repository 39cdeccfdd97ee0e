// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lapwing.Delivery;
import dev.lapwing.StartAt;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;

@ExtendWith(LeakGuard.class)
class ProduceTest {
    private final TestServer server = TestServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private Delivery first(String topic) {
        try (var stream = server.lapwing().subscribe(topic).from(StartAt.earliest()).open()) {
            return stream.next(Duration.ofSeconds(30)).orElseThrow();
        }
    }

    @Test
    void produceAnswersWithIdTopicAndPositionOfTheStoredEvent() throws Exception {
        HttpResponse<String> reply =
                server.produce(
                        "newtopic", "application/json", "\"This is a new event\"".getBytes(UTF_8));

        Delivery stored = first("newtopic");
        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type")).contains("application/json");
        assertThat(reply.headers().firstValue("date")).isPresent();
        assertThat(reply.body())
                .isEqualTo(
                        "{\"id\":\"%s\",\"topic\":\"newtopic\",\"position\":\"%s\"}",
                        stored.message().id().orElseThrow(), stored.position().orElseThrow());
        assertThat(stored.text()).isEqualTo("This is a new event");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"plain\"|plain",
                "\"\"|``",
                "  \"padded\" |padded",
                "\"line\\nbreak \\u8ba2\\u5355 \\ud83d\\ude00\"|line\\nbreak 订单 😀",
                "{\"a\": [1, 2]}|{\"a\": [1, 2]}",
                " [1,\"x\"] |[1,\"x\"]",
                "12.50|12.50",
                "true|true",
                "null|null"
            })
    void jsonStringIsStoredAsItsTextAndOtherJsonAsItIsWritten(String body, String stored)
            throws Exception {
        var reply = server.produce("t", "application/json; charset=UTF-8", body.getBytes(UTF_8));

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(first("t").text()).isEqualTo(stored.replace("\\n", "\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "\"open",
                "\"a\" \"b\"",
                "nul",
                "{\"a\":}",
                "\"\\ud800\"",
                "01",
                "[1,]",
                "'x'",
                "\uFEFF\"x\""
            })
    void malformedJsonIsRefused(String body) throws Exception {
        var reply = server.produce("t", "application/json", body.getBytes(UTF_8));

        assertThat(reply.statusCode()).isEqualTo(400);
        assertThat(reply.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(reply.body())
                .contains("\"type\":\"urn:lapwing:problem:bad-request\"", "\"status\":400")
                .contains("application/json");
    }

    @Test
    void jsonThatIsNotUtf8IsRefused() throws Exception {
        assertThat(server.produce("t", "application/json", new byte[] {'"', (byte) 0xFF, '"'}))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(400);
        assertThat(server.produce("t", "application/json", "\"x\"".getBytes(UTF_16())))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(400);
        assertThat(server.produce("t", "application/json;charset=utf-16", "\"x\"".getBytes(UTF_8)))
                .extracting(HttpResponse::statusCode)
                .isEqualTo(415);
    }

    private static java.nio.charset.Charset UTF_16() {
        return java.nio.charset.StandardCharsets.UTF_16LE;
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/octet-stream", "", "image/png"})
    void otherBodiesAreStoredAsTheyAre(String type) throws Exception {
        byte[] bytes = {'"', 0, (byte) 0xFF, (byte) 0xC3, '\n'};

        var reply = server.produce("bytes", type, bytes);

        assertThat(reply.statusCode()).isEqualTo(200);
        assertThat(first("bytes").message().payload()).isEqualTo(bytes);
    }

    @Test
    void topicMayBeUnicodeAndHaveDotsAndSlashes() throws Exception {
        for (String topic : new String[] {"订单", "orders.created", "a/b", "naïve", "a+b"}) {
            var reply = server.produceText(topic, "x");

            assertThat(reply.body()).contains("\"topic\":\"" + topic + "\"");
            assertThat(first(topic).topic()).isEqualTo(topic);
        }
    }

    @Test
    void headersSetKeyIdTimeToLiveAndUserHeaders() throws Exception {
        server.produce(
                "t",
                "text/plain",
                "x".getBytes(UTF_8),
                "Lapwing-Key",
                "customer 7",
                "Lapwing-Id",
                "order-1",
                "Lapwing-Ttl",
                "1h",
                "Lapwing-Reply-To",
                "answers",
                "Lapwing-Correlation-Id",
                "c1",
                "Lapwing-Header-Trace",
                "abc");

        var message = first("t").message();
        assertThat(message.key()).contains("customer 7");
        assertThat(message.id()).contains("order-1");
        assertThat(message.timeToLive()).contains(Duration.ofHours(1));
        assertThat(message.replyTo()).contains("answers");
        assertThat(message.correlationId()).contains("c1");
        assertThat(message.header("Trace")).contains("abc");
    }

    @Test
    void parametersCarryWhatHeadersCannot() throws Exception {
        var request =
                HttpRequest.newBuilder(
                                server.uri(
                                        "/produce/t?key=%E8%AE%A2+%E5%8D%95&id=100%25&ttl=PT90S"
                                                + "&header.Trace=%C3%A9&header.Trace=2"))
                        .POST(BodyPublishers.ofString("x"));
        server.send(request);

        var message = first("t").message();
        assertThat(message.key()).contains("订 单");
        assertThat(message.id()).contains("100%");
        assertThat(message.timeToLive()).contains(Duration.ofSeconds(90));
        assertThat(message.headers().entries())
                .extracting(header -> header.name() + "=" + header.text())
                .containsExactly("Trace=é", "Trace=2");
    }

    @Test
    void rawUtf8InHeadersIsText() throws Exception {
        try (var client = server.raw()) {
            client.send(
                    "POST /produce/t HTTP/1.1\r\nHost: x\r\nLapwing-Key: 订单\r\n"
                            + "Content-Length: 1\r\n\r\nx");

            assertThat(client.reply().status()).isEqualTo(200);
            assertThat(first("t").message().key()).contains("订单");
        }
    }

    @Test
    void sameIdIsStoredOnce() throws Exception {
        var first = server.produce("t", "text/plain", new byte[1], "Lapwing-Id", "once");
        var second = server.produce("t", "text/plain", new byte[1], "Lapwing-Id", "once");

        assertThat(first.body()).doesNotContain("duplicate");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.body()).contains("\"id\":\"once\"", "\"duplicate\":true");
    }

    @ParameterizedTest
    @CsvSource({
        "/produce/a..b, 400, empty word",
        "/produce/, 400, is empty",
        "/produce/a%20b, 400, white space",
        "/produce/orders.%3E, 400, pattern",
        "/produce/%FF, 400, not UTF-8",
        "/produce/%4, 400, hexadecimal",
        "/produce/_dead.x.y, 403, belong to Lapwing",
        "/produce/t?ttl=soon, 400, ttl is 'soon'",
        "/produce/t?priority=high, 400, priority is 'high'",
        "/produce/t/u, 404, no path of this server",
        "/nothing, 404, no path of this server",
        "/, 404, no path of this server"
    })
    void wrongRequestIsToldWhatIsWrong(String path, int status, String detail) throws Exception {
        try (var client = server.raw()) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
            var reply = client.reply();

            assertThat(reply.status()).as(reply.body()).isEqualTo(status);
            assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
            assertThat(reply.body()).contains(detail);
        }
    }

    @Test
    void payloadOverTheLimitIsRefused() throws Exception {
        try (var small = TestServer.start(options -> options.withMaxPayloadBytes(10))) {
            assertThat(small.produceText("t", "0123456789").statusCode()).isEqualTo(200);
            assertThat(small.produceText("t", "0123456789a").statusCode()).isEqualTo(413);
            assertThat(
                            small.produce(
                                            "t",
                                            "application/json",
                                            "\"\\u0061123456789\"".getBytes(UTF_8))
                                    .statusCode())
                    .isEqualTo(200);
            var json = small.produce("t", "application/json", "\"0123456789a\"".getBytes(UTF_8));
            assertThat(json.statusCode()).isEqualTo(413);
            assertThat(json.body()).contains("11 bytes", "limit is 10");
        }
    }

    @Test
    void whatTheTransportCannotDoIsRefused() throws Exception {
        var reply = server.produce("t", "text/plain", new byte[1], "Lapwing-Priority", "3");

        assertThat(reply.statusCode()).isEqualTo(501);
        assertThat(reply.body()).contains("priority");
    }

    @Test
    void encodedBodyIsRefused() throws Exception {
        var reply = server.produce("t", "text/plain", new byte[3], "content-encoding", "gzip");

        assertThat(reply.statusCode()).isEqualTo(415);
        assertThat(reply.headers().firstValue("accept-encoding")).contains("identity");
    }
}
