// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

@ExtendWith(LeakGuard.class)
class HttpProtocolTest {
    private static final String POST =
            "POST /produce/t HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n";

    private final TestServer server = TestServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (var client = server.raw()) {
            var requests = new StringBuilder();
            for (int at = 0; at < 300; at++) {
                requests.append(at % 7 == 0 ? "GET /topics/none HTTP/1.1\r\nHost: x\r\n\r\n" : "")
                        .append("POST /produce/t?id=id-")
                        .append(at)
                        .append(" HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
            }
            client.send(requests.toString());

            for (int at = 0; at < 300; at++) {
                if (at % 7 == 0) {
                    client.reply();
                }
                assertThat(client.reply().body()).startsWith("{\"id\":\"id-" + at + "\"");
            }
        }
    }

    @Test
    void chunkedBodyIsPutTogether() throws Exception {
        try (var client = server.raw();
                var subscriber = server.subscribe("t")) {
            client.send(
                    "POST /produce/t HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "3\r\nabc\r\n0a;x=y\r\n0123456789\r\n0\r\nTrailer: z\r\n\r\n");

            assertThat(client.reply().status()).isEqualTo(200);
            assertThat(subscriber.next().string()).isEqualTo("abc0123456789");
        }
    }

    @Test
    void expectedContinueIsSentBeforeTheBodyIsRead() throws Exception {
        try (var client = server.raw()) {
            client.send(
                    "POST /produce/t HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
                            + "Expect: 100-continue\r\n\r\n");
            assertThat(client.reply().status()).isEqualTo(100);
            client.send("x");
            assertThat(client.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void expectedContinueIsNotSentForWhatIsRefused() throws Exception {
        try (var client = server.raw()) {
            client.send(
                    "POST /produce/t HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n"
                            + "Expect: 100-continue\r\n\r\n");
            assertThat(client.reply().status()).isEqualTo(413);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void oldClientsAreServed() throws Exception {
        try (var client = server.raw()) {
            client.send("GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
            var first = client.reply();
            assertThat(first.header("connection")).isEqualTo("keep-alive");
            client.send("GET /health HTTP/1.0\r\n\r\n");
            var second = client.reply();
            assertThat(second.status()).isEqualTo(200);
            assertThat(second.header("connection")).isEqualTo("close");
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void answerArrivesThoughTheClientHasEndedItsOutput() throws Exception {
        try (var client = server.raw()) {
            client.send(POST + "x");
            client.socket().shutdownOutput();

            assertThat(client.reply().status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
        }
    }

    @Test
    void headIsAnsweredWithoutBody() throws Exception {
        try (var client = server.raw()) {
            client.send("HEAD /health HTTP/1.1\r\nHost: x\r\n\r\n" + POST + "x");
            assertThat(client.reply(false).header("content-length")).isEqualTo("15");
            assertThat(client.reply().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET /produce/t|405|POST, OPTIONS",
                "DELETE /subscribe/t|405|GET, OPTIONS",
                "POST /topics|405|GET, HEAD, OPTIONS",
                "PUT /health|405|GET, HEAD, OPTIONS",
                "OPTIONS /produce/t|204|POST, OPTIONS",
                "OPTIONS *|204|GET, HEAD, POST, OPTIONS"
            })
    void methodsAreTold(String request, int status, String allowed) throws Exception {
        try (var client = server.raw()) {
            client.send(request + " HTTP/1.1\r\nHost: x\r\n\r\n");

            var reply = client.reply();
            assertThat(reply.status()).isEqualTo(status);
            assertThat(reply.header("allow")).isEqualTo(allowed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HELLO|400",
                "GET /health HTTP/9.9.9|400",
                "GET  HTTP/1.1|400",
                "POST /produce/t HTTP/1.1\\r\\nContent-Length: x|400",
                "POST /produce/t HTTP/1.1\\r\\nContent-Length: -1|400",
                "POST /produce/t HTTP/1.1\\r\\nContent-Length: 1\\r\\nContent-Length: 2|400",
                "POST /produce/t HTTP/1.1\\r\\nContent-Length: 1\\r\\nTransfer-Encoding:"
                        + " chunked|400",
                "POST /produce/t HTTP/1.1\\r\\nTransfer-Encoding: gzip, identity|400",
                "GET /health HTTP/1.1\\r\\nBad Header: 1|400",
                "GET /health HTTP/1.1\\r\\n: 1|400",
                "POST /produce/t HTTP/1.1\\r\\nContent-Length: 1\\r\\nExpect: miracles|417",
                "POST /produce/t HTTP/1.1\\r\\nContent-Length: 99999999999|413",
                "POST /produce/t HTTP/1.1\\r\\nContent-Length: 2000000|413"
            })
    void malformedRequestIsToldSoAndEnded(String lines, int status) throws Exception {
        try (var client = server.raw()) {
            client.send(lines.replace("\\r\\n", "\r\n") + "\r\n\r\n");

            var reply = client.reply();
            assertThat(reply.status()).as(reply.body()).isEqualTo(status);
            assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
            assertThat(reply.body()).doesNotContain("Exception", "\tat ");
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }

    @Test
    void whatFollowsARefusedRequestIsNotDone() throws Exception {
        try (var client = server.raw()) {
            client.send(
                    "POST /produce/t HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n"
                            + "POST /produce/smuggled HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");

            assertThat(client.reply().status()).isEqualTo(413);
            assertThat(client.isEnded()).isTrue();
        }
        assertThat(server.get("/topics/smuggled").statusCode()).isEqualTo(404);
    }

    @Test
    void longLineAndLongHeadersAreRefused() throws Exception {
        try (var line = server.raw();
                var headers = server.raw()) {
            line.send("GET /health?" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n");
            assertThat(line.reply().status()).isEqualTo(414);
            headers.send("GET /health HTTP/1.1\r\nX: " + "x".repeat(40_000) + "\r\n\r\n");
            assertThat(headers.reply().status()).isEqualTo(431);
        }
    }

    @Test
    void bodyThatGrowsOverTheLimitIsRefused() throws Exception {
        try (var small = TestServer.start(options -> options.withMaxPayloadBytes(100));
                var client = small.raw()) {
            client.send(
                    "POST /produce/t HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + "64\r\n"
                            + "x".repeat(100)
                            + "\r\n1\r\nx\r\n");

            assertThat(client.reply().status()).isEqualTo(413);
        }
    }

    @Test
    void slowHeaderAndSlowBodyAreEnded() throws Exception {
        try (var quick =
                        TestServer.start(options ->
                                options.withTimeouts(
                                        options.timeouts()
                                                .withRequest(
                                                        Duration.ofMillis(200),
                                                        Duration.ofMillis(300))));
                var header = quick.raw();
                var body = quick.raw();
                var good = quick.raw()) {
            header.send("GET /health HT");
            body.send(POST);
            good.send(POST + "x");

            var lateHeader = header.reply();
            assertThat(lateHeader.status()).isEqualTo(408);
            assertThat(lateHeader.body()).contains("header");
            assertThat(header.isEnded()).isTrue();
            assertThat(body.reply().body()).contains("body");
            assertThat(good.reply().status()).isEqualTo(200);
        }
    }

    @Test
    void idleConnectionIsClosed() throws Exception {
        try (var quick =
                        TestServer.start(options ->
                                options.withTimeouts(
                                        options.timeouts().withIdle(Duration.ofMillis(200))));
                var client = quick.raw();
                var silent = quick.raw()) {
            client.send(POST + "x");

            assertThat(client.reply().status()).isEqualTo(200);
            assertThat(client.isEnded()).isTrue();
            assertThat(silent.isEnded()).isTrue();
        }
    }

    @Test
    void connectionsAreLimited() throws Exception {
        try (var small =
                        TestServer.start(options ->
                                options.withLimits(options.limits().withMaxConnections(2, 2)));
                var one = small.raw();
                var two = small.raw()) {
            one.send(POST + "x");
            assertThat(one.reply().status()).isEqualTo(200);
            two.send(POST + "x");
            assertThat(two.reply().status()).isEqualTo(200);
            try (var three = small.raw()) {
                var reply = three.reply();
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.header("retry-after")).isNotEmpty();
                assertThat(three.isEnded()).isTrue();
            }
        }
    }

    @Test
    void connectionsOfOneAddressAreLimited() throws Exception {
        try (var small =
                        TestServer.start(options ->
                                options.withLimits(options.limits().withMaxConnections(9, 1)));
                var one = small.raw()) {
            one.send(POST + "x");
            assertThat(one.reply().status()).isEqualTo(200);
            try (var two = small.raw()) {
                assertThat(two.reply().status()).isEqualTo(429);
            }
        }
    }

    @Test
    void topicsAreListedAndTold() throws Exception {
        assertThat(server.get("/topics").body()).isEqualTo("[]");
        String position = server.publish("b", "xyz");
        server.publish("a", "x");

        assertThat(server.get("/topics").body())
                .startsWith("[{\"name\":\"a\",\"messages\":1,")
                .contains("{\"name\":\"b\",\"messages\":1,");
        assertThat(server.get("/topics/b").body())
                .contains("\"name\":\"b\"", "\"last\":\"" + position + "\"");
        assertThat(server.get("/topics/none").statusCode()).isEqualTo(404);
        assertThat(server.get("/topics/a..b").statusCode()).isEqualTo(400);
    }

    @Test
    void healthIsTold() throws Exception {
        assertThat(server.get("/health").body()).isEqualTo("{\"status\":\"up\"}");
        assertThat(server.get("/healthz").statusCode()).isEqualTo(200);
    }
}
