// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.testbed.RabbitServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

/** Beside pika. */
class RabbitInteropTest {

    private static final String URI = RabbitServer.shared().uri();

    /** As in RabbitMQ's tutorials, a queue has the name of the topic. */
    private static final String QUEUES = URI + "?exchange=";

    private static final String EXCHANGE = "amq.topic";

    @Test
    void pikaReadsWhatLapwingWrites() throws Exception {
        try (Foreign pika = Foreign.python("pika_read.py", URI, EXCHANGE, Sample.TOPIC);
                Lapwing lapwing = Lapwing.connect(URI)) {
            pika.awaitLine("ready");
            String id = lapwing.publish(Sample.message()).id();

            Foreign.Seen seen = pika.message();
            Sample.assertWhole(seen);
            assertThat(seen.headers())
                    .containsEntry("message-id", id)
                    .containsEntry("delivery-mode", "2");
        }
    }

    @Test
    void lapwingReadsWhatPikaWrites() throws Exception {
        var inbox = new Sample.Inbox();
        try (Lapwing lapwing = Lapwing.connect(URI)) {
            lapwing.subscribe(Sample.TOPIC).group("foreign").handle(d -> inbox.add(d.message()));
            try (Foreign pika =
                    Foreign.python(
                            "pika_write.py",
                            URI,
                            EXCHANGE,
                            Sample.TOPIC,
                            Sample.hex(),
                            "order-7",
                            Sample.HEADER,
                            Sample.VALUE,
                            Sample.UNICODE_HEADER,
                            Sample.UNICODE_VALUE)) {
                pika.awaitEnd();
            }
            Message message = inbox.next();
            Sample.assertWhole(message);
            assertThat(message.id()).contains("order-7");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "queue"})
    void lapwingAnswersWhatPikaAsks(String way) throws Exception {
        String queue = "square-" + way;
        try (Lapwing lapwing = Lapwing.connect(QUEUES)) {
            lapwing.subscribe(queue)
                    .group(queue)
                    .reply(question -> {
                        int number = Integer.parseInt(question.text());
                        return Integer.toString(number * number);
                    });
            try (Foreign pika = Foreign.python("pika_rpc_client.py", URI, queue, "12", way)) {
                pika.awaitLine("144").awaitEnd();
            }
        }
    }

    @Test
    void pikaAnswersWhatLapwingAsks() throws Exception {
        String queue = "square-of-pika";
        try (Foreign pika = Foreign.python("pika_rpc_server.py", URI, queue);
                Lapwing lapwing = Lapwing.connect(QUEUES)) {
            pika.awaitLine("ready");
            for (int number = 1; number <= 20; number++) {
                Message question = Message.to(queue).text(Integer.toString(number)).build();
                assertThat(lapwing.request(question, Duration.ofSeconds(30)).text())
                        .isEqualTo(Integer.toString(number * number));
            }
        }
    }
}
