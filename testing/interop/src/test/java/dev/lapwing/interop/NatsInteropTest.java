// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Guarantee;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.testbed.NatsServer;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** Beside the raw protocol. */
class NatsInteropTest {

    private static final NatsServer SERVER = NatsServer.shared();
    private static final String CORE = SERVER.uri() + "?mode=core";

    /** NATS carries ASCII: other text is an encoded word of RFC 2047. */
    private static final String ENCODED =
            "=?utf-8?B?"
                    + Base64.getEncoder()
                            .encodeToString(Sample.UNICODE_VALUE.getBytes(StandardCharsets.UTF_8))
                    + "?=";

    @Test
    void rawClientHearsWhatLapwingSays() throws Exception {
        try (RawNats raw = raw();
                Lapwing lapwing = Lapwing.connect(CORE)) {
            raw.subscribe(Sample.TOPIC);
            lapwing.publish(Sample.message());
            assertWhole(raw.next().seen());
        }
    }

    @Test
    void lapwingHearsWhatARawClientSays() throws Exception {
        var inbox = new Sample.Inbox();
        try (RawNats raw = raw();
                Lapwing lapwing = Lapwing.connect(CORE)) {
            lapwing.subscribe(Sample.TOPIC)
                    .guarantee(Guarantee.AT_MOST_ONCE)
                    .handle(d -> inbox.add(d.message()));
            raw.publish(Sample.TOPIC, "", headers(), Sample.payload());
            Sample.assertWhole(inbox.next());
        }
    }

    @Test
    void rawClientReadsWhatLapwingStores() throws Exception {
        try (RawNats raw = raw();
                Lapwing lapwing = Lapwing.connect(SERVER.uri())) {
            raw.subscribe("stored." + Sample.TOPIC);
            lapwing.publish(Sample.message().copyTo("stored." + Sample.TOPIC).build());
            assertWhole(raw.next().seen());
        }
    }

    @Test
    void lapwingReadsWhatARawClientStores() throws Exception {
        String topic = "kept." + Sample.TOPIC;
        var inbox = new Sample.Inbox();
        try (RawNats raw = raw();
                Lapwing lapwing = Lapwing.connect(SERVER.uri())) {
            lapwing.subscribe(topic).group("foreign").handle(d -> inbox.add(d.message()));
            raw.subscribe("acknowledged");
            raw.publish(topic, "acknowledged", headers(), Sample.payload());
            String acknowledgement = text(raw.next());
            assertThat(acknowledgement).contains("\"stream\":").doesNotContain("error");

            Message message = inbox.next();
            assertThat(message.topic()).isEqualTo(topic);
            Sample.assertWhole(message.copyTo(Sample.TOPIC).build());
        }
    }

    @Test
    void lapwingAnswersWhatARawClientAsks() throws Exception {
        try (RawNats raw = raw();
                Lapwing lapwing = Lapwing.connect(CORE)) {
            lapwing.subscribe("square")
                    .guarantee(Guarantee.AT_MOST_ONCE)
                    .reply(question -> {
                        int number = Integer.parseInt(question.text());
                        return Integer.toString(number * number);
                    });
            raw.subscribe("answers");
            raw.publish(
                    "square", "answers", new TreeMap<>(), "12".getBytes(StandardCharsets.UTF_8));
            assertThat(text(raw.next())).isEqualTo("144");
        }
    }

    @Test
    void rawClientAnswersWhatLapwingAsks() throws Exception {
        try (RawNats raw = raw();
                Lapwing lapwing = Lapwing.connect(CORE)) {
            raw.subscribe("greeting");
            var answering = Thread.ofVirtual().start(() -> answerOnce(raw));
            Message question = Message.to("greeting").text("订单").build();
            assertThat(lapwing.request(question, Duration.ofSeconds(30)).text())
                    .isEqualTo("你好, 订单");
            answering.join();
        }
    }

    private static void answerOnce(RawNats raw) {
        try {
            RawNats.Arrived question = raw.next();
            byte[] answer = ("你好, " + text(question)).getBytes(StandardCharsets.UTF_8);
            raw.publish(question.replyTo(), "", new TreeMap<>(), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RawNats raw() throws IOException {
        return new RawNats(SERVER.host(), SERVER.port());
    }

    private static TreeMap<String, String> headers() {
        return new TreeMap<>(Map.of(Sample.HEADER, Sample.VALUE, Sample.UNICODE_HEADER, ENCODED));
    }

    private static void assertWhole(Foreign.Seen seen) {
        assertThat(seen.headers()).containsEntry(Sample.UNICODE_HEADER, ENCODED);
        seen.headers().put(Sample.UNICODE_HEADER, Sample.UNICODE_VALUE);
        Sample.assertWhole(seen);
    }

    private static String text(RawNats.Arrived arrived) {
        return new String(arrived.seen().payload(), StandardCharsets.UTF_8);
    }
}
