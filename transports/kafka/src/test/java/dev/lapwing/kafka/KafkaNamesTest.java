// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

class KafkaNamesTest {

    private final KafkaNames names = new KafkaNames();

    @Test
    void plainNameStaysAsItIs() {
        for (String plain :
                List.of("orders.created", "A-b_c.9", "_dead.g.t", "x_x", "_x_", "_xyz_")) {
            assertThat(names.toKafka(plain)).isEqualTo(plain);
            assertThat(names.toTopic(plain)).isEqualTo(plain);
        }
    }

    @Test
    void otherCharactersAreEscapedAndComeBack() {
        assertThat(names.toKafka("订单.a")).isEqualTo("_x8ba2-5355_.a");
        for (String topic :
                List.of("批量订单", "🐦.кибитка", "é", "e\u0301", "a~b", "_x8ba2_", "_x41_~")) {
            String kafka = names.toKafka(topic);
            assertThat(kafka).matches("[A-Za-z0-9._-]{1,249}");
            assertThat(new KafkaNames().toTopic(kafka)).isEqualTo(topic);
        }
    }

    @Test
    void tooLongNameIsCutAndKnownToWhoUsedIt() {
        String topic = "订".repeat(85);
        String kafka = names.toKafka(topic);
        assertThat(kafka).hasSizeLessThanOrEqualTo(KafkaNames.LONGEST).matches("[A-Za-z0-9._-]+");
        assertThat(names.toTopic(kafka)).isEqualTo(topic);
        assertThat(names.toKafka("订".repeat(84) + "单")).isNotEqualTo(kafka);
    }

    @Test
    void nameInAnIdIsCutWhereTheIdWouldBeTooLong() {
        String longest = "a".repeat(KafkaNames.LONGEST);
        assertThat(KafkaNames.brief("a".repeat(220))).isEqualTo("a".repeat(220));
        assertThat(KafkaNames.brief(longest))
                .hasSize(220)
                .isNotEqualTo(KafkaNames.brief("a".repeat(248) + "b"))
                .isEqualTo(KafkaNames.brief(longest));
    }

    @Test
    void foreignNameWithAnImpossibleEscapeIsReadAllTheSame() {
        assertThat(names.toTopic("_xffffff_")).isEqualTo("\uFFFD");
    }
}
