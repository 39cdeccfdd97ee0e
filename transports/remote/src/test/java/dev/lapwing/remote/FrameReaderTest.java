// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.Position;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class FrameReaderTest {

    @Test
    void eventKeepsEveryField() {
        Frame frame =
                FrameReader.read(
                        """
                        {"position":"17","topic":"订单.new","id":"i1","key":"k","time":"2026-11-21T05:00:00.123Z",
                         "priority":3,"ttl":1500,"reply_to":"r","correlation_id":"c","new":{"a":[1,{}]},
                         "headers":{"one":"1","two":["a",{"base64":"/w=="}]},"data":"text \\"quoted\\" 🐦"}\
                        """,
                        "*.new");

        var received = ((Frame.Event) frame).received();
        Message message = received.message();
        assertThat(received.position()).contains(new Position("17"));
        assertThat(message.topic()).isEqualTo("订单.new");
        assertThat(message.id()).contains("i1");
        assertThat(message.key()).contains("k");
        assertThat(message.timestamp()).isEqualTo(Instant.parse("2026-11-21T05:00:00.123Z"));
        assertThat(message.priority()).contains(3);
        assertThat(message.timeToLive()).contains(Duration.ofMillis(1500));
        assertThat(message.replyTo()).contains("r");
        assertThat(message.correlationId()).contains("c");
        assertThat(message.headers().entries())
                .extracting(Headers.Header::name)
                .containsExactly("one", "two", "two");
        assertThat(message.headers().entries().get(2).value()).containsExactly(0xff);
        assertThat(message.text()).isEqualTo("text \"quoted\" 🐦");
    }

    @Test
    void eventWithLittleInItIsReadAsWell() {
        var received =
                ((Frame.Event) FrameReader.read("{\"data_base64\":\"AP8=\",\"id\":null}", "t"))
                        .received();

        assertThat(received.message().topic()).isEqualTo("t");
        assertThat(received.message().payload()).containsExactly(0, 0xff);
        assertThat(received.message().id()).isEmpty();
        assertThat(received.position()).isEmpty();
    }

    @Test
    void whatIsNoEventIsRefused() {
        for (String text : new String[] {"", "hello", "[1]", "{\"data\":", "{\"time\":\"now\"}"}) {
            assertThatThrownBy(() -> FrameReader.read(text, "t"))
                    .as(text)
                    .isInstanceOf(RuntimeException.class);
        }
    }
}
