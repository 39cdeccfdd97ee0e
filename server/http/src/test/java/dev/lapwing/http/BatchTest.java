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
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@ExtendWith(LeakGuard.class)
class BatchTest {
    private final TestServer server = TestServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> batch(String lines) throws Exception {
        return server.send(
                HttpRequest.newBuilder(server.uri("/batch"))
                        .POST(BodyPublishers.ofByteArray(lines.getBytes(UTF_8))));
    }

    private List<Delivery> read(String topic, int count) {
        var deliveries = new ArrayList<Delivery>();
        try (var stream = server.lapwing().subscribe(topic).from(StartAt.earliest()).open()) {
            while (deliveries.size() < count) {
                deliveries.add(stream.next(Duration.ofSeconds(30)).orElseThrow());
            }
        }
        return deliveries;
    }

    @Test
    void eventsAreStoredInOrderAndEachHasALineInTheAnswer() throws Exception {
        var lines = new StringBuilder();
        for (int number = 0; number < 500; number++) {
            lines.append(
                    "{\"topic\":\"t\",\"id\":\"i%d\",\"data\":\"e%d\"}\n"
                            .formatted(number, number));
        }

        HttpResponse<String> reply = batch(lines.toString());

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
        assertThat(reply.headers().firstValue("content-type")).contains("application/x-ndjson");
        List<String> answers = reply.body().lines().toList();
        assertThat(answers).hasSize(500);
        assertThat(answers.get(7)).startsWith("{\"id\":\"i7\",\"position\":\"");
        assertThat(read("t", 500).get(499).text()).isEqualTo("e499");
    }

    @Test
    void everyFieldOfAnEventIsKept() throws Exception {
        batch(
                """
                {"topic":"订单","id":"i","key":"k","ttl":60000,"reply_to":"r","correlation_id":"c",
                 "headers":[{"name":"a","value":"1"},{"name":"b","value_base64":"/w=="},{"name":"a","value":"2"}],
                 "data_base64":"AP8="}\
                """);

        var message = read("订单", 1).getFirst().message();
        assertThat(message.id()).contains("i");
        assertThat(message.key()).contains("k");
        assertThat(message.timeToLive()).contains(Duration.ofMinutes(1));
        assertThat(message.replyTo()).contains("r");
        assertThat(message.correlationId()).contains("c");
        assertThat(message.headers().entries()).extracting("name").containsExactly("a", "b", "a");
        assertThat(message.payload()).containsExactly(0, 0xff);
    }

    @Test
    void eventThatIsNotValidIsRefusedByItself() throws Exception {
        HttpResponse<String> reply =
                batch(
                        """
                        {"topic":"t","data":"one"}
                        {"topic":"a b","data":"two"}
                        {"topic":"_reply.x","data":"three"}
                        {"topic":"t","ttl":-5,"data":"four"}
                        {"topic":"t","data":"five"}
                        """);

        List<String> answers = reply.body().lines().toList();
        assertThat(answers).hasSize(5);
        assertThat(answers.get(0)).contains("position");
        assertThat(answers.get(1)).contains("white space", "\"retriable\":false");
        assertThat(answers.get(2)).contains("belong to Lapwing");
        assertThat(answers.get(3)).contains("refused");
        assertThat(read("t", 2)).extracting(Delivery::text).containsExactly("one", "five");
    }

    @Test
    void sameIdIsStoredOnce() throws Exception {
        String line = "{\"topic\":\"t\",\"id\":\"i\",\"data\":\"x\"}\n";
        assertThat(batch(line + line).body().lines().toList().get(1))
                .contains("\"duplicate\":true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hello",
                "[]",
                "{\"topic\":\"t\",\"data\":\"one\"}\n{\"topic\":\"t\"",
                "{\"topic\":\"t\",\"data\":\"one\"}\n17",
                "{\"topic\":\"t\",\"data\":\"one\"}\n{\"topic\":\"t\",\"dta\":\"\"}",
                "{\"topic\":\"t\",\"data\":\"one\"}\n{\"topic\":\"t\",\"headers\":{\"a\":\"b\"}}",
                "{\"topic\":\"t\",\"data\":\"one\"}\n{\"topic\":\"t\",\"data\":\"\\ud800\"}"
            })
    void batchThatCannotBeReadIsRefusedAsAWhole(String body) throws Exception {
        HttpResponse<String> reply = batch(body);

        assertThat(reply.statusCode()).as(reply.body()).isEqualTo(400);
        assertThat(reply.headers().firstValue("content-type")).contains("application/problem+json");
        assertThat(server.lapwing().administration().topics()).isEmpty();
    }

    @Test
    void emptyBatchHasAnEmptyAnswer() throws Exception {
        assertThat(batch("").body()).isEmpty();
    }
}
