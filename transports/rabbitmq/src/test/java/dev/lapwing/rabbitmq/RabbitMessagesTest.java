// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Message;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

/** The time of a message, which AMQP has a property for in seconds alone. */
class RabbitMessagesTest {

    /** {@code 01HF7YAT00} is the beginning of 1,700,000,000,000 milliseconds since 1970. */
    @ParameterizedTest
    @CsvSource({
        "1700000000123, 01HF7YAT3V0000000000000000, false",
        "1700000000123, 01HF7YAT000000000000000000, true",
        "1700000000000, 01HF7YAT3V0000000000000000, true",
        "1700000000999, 01HF7YB6D80000000000000000, true",
        "1700000000123, another, true",
        "1700000000000, another, false",
        "-1, another, true",
        "-1, 01HF7YAT3V0000000000000000, true"
    })
    void timeArrivesToTheMillisecond(long millis, String id, boolean inAHeader) {
        Message sent =
                Message.to("t").text("x").id(id).timestamp(Instant.ofEpochMilli(millis)).build();
        var properties = RabbitMessages.properties(sent);
        assertThat(properties.getHeaders() != null).isEqualTo(inAHeader);
        var arrived = new RabbitMessage("t", properties, new byte[0], 0);
        assertThat(arrived.timestamp()).isEqualTo(sent.timestamp());
        assertThat(arrived.id()).contains(id);
    }
}
