// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** What travels beside a payload. */
class NatsHeadersTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_123L);

    private static Message message(UnaryOperator<MessageBuilder> more) {
        return more.apply(Message.to("t").text("x").timestamp(NOW)).build();
    }

    private static String text(NatsHeaders headers) {
        return new String(headers.getSerialized(), StandardCharsets.UTF_8);
    }

    @Test
    void messageOfThisMomentTravelsBare() {
        for (long millis : new long[] {0, 1000, -1000}) {
            assertThat(NatsHeaders.passed(message(same -> same), NOW.plusMillis(millis))).isNull();
        }
    }

    @Test
    void otherTimesAreTold() {
        for (long millis : new long[] {1001, -1001}) {
            assertThat(text(NatsHeaders.passed(message(same -> same), NOW.plusMillis(millis))))
                    .isEqualTo("NATS/1.0\r\nlapwing-time:1700000000123\r\n\r\n");
        }
    }

    @Test
    void idThatIsStoredStandsWithItsTopic() {
        assertThat(text(NatsHeaders.stored(message(each -> each.id("i")), NOW, null)))
                .isEqualTo("NATS/1.0\r\nNats-Msg-Id:i@t\r\n\r\n");
    }

    @Test
    void idThatIsPassedOnAndWhatElseWasGivenIsTold() {
        Message given = message(each -> each.id("i").key("订").correlationId("c").header("h", "v"));
        assertThat(text(NatsHeaders.passed(given, NOW)))
                .isEqualTo(
                        "NATS/1.0\r\nlapwing-id:i\r\nlapwing-key:=?utf-8?B?6K6i?=\r\n"
                                + "lapwing-correlation-id:c\r\nh:v\r\n\r\n");
    }
}
