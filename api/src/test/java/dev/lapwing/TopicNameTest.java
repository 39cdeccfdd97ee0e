// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicNameTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "orders.created", "订单", "批量订单.新", "a-b_c", "🐦.x", "_dead.a.b"})
    void topicNameTakesWordsOfAnyLetters(String name) {
        assertThat(TopicName.check(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|is empty",
                ".a|empty word",
                "a.|empty word",
                "a..b|empty word",
                "a b|white space at index 1",
                "a\u3000b|white space at index 1",
                "a\u0007b|control character U+0007 at index 1",
                "a\ud800|not valid Unicode at index 1",
                "orders.*|is a pattern",
                "orders.>|is a pattern"
            })
    void topicNameSaysWhatIsWrong(String name, String problem) {
        assertThatThrownBy(() -> TopicName.check(name))
                .isInstanceOf(InvalidTopicException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void topicNameIsLimitedInBytesNotCharacters() {
        assertThat(TopicName.check("a".repeat(255))).hasSize(255);
        assertThat(TopicName.check("单".repeat(85))).hasSize(85);
        assertThatThrownBy(() -> TopicName.check("a".repeat(256)))
                .hasMessageContaining("256 bytes")
                .hasMessageContaining("255");
        assertThatThrownBy(() -> TopicName.check("单".repeat(86))).hasMessageContaining("258 bytes");
    }

    @Test
    void errorDoesNotPrintControlCharactersOrEndlessNames() {
        assertThatThrownBy(() -> TopicName.check("\u001b[31m" + "x".repeat(500)))
                .hasMessageContaining("\\u001b[31m")
                .hasMessageContaining("…")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\u001b"));
    }
}
