// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.InvalidPositionException;
import dev.lapwing.Position;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class KafkaPositionTest {

    @Test
    void tokenOfOneTopicNamesPartitionsOnly() {
        var position = new KafkaPosition();
        position.passed("t", 10, 7);
        position.passed("t", 2, 0);
        position.passed("t", 3, -1);
        Position token = position.position(true).orElseThrow();
        assertThat(token.token()).isEqualTo("2:0,10:7");
        assertThat(KafkaPosition.parse(token).of("t")).isEqualTo(Map.of(2, 0L, 10, 7L));
    }

    @Test
    void tokenOfManyTopicsNamesThem() {
        var position = new KafkaPosition();
        position.passed("b.c", 0, 7);
        position.passed("a", 0, 1);
        position.passed("a", 1, 2);
        Position token = position.position(false).orElseThrow();
        assertThat(token.token()).isEqualTo("a/0:1,1:2,b.c/0:7");
        assertThat(KafkaPosition.parse(token).of("a")).isEqualTo(Map.of(0, 1L, 1, 2L));
        assertThat(KafkaPosition.parse(token).of("b.c")).isEqualTo(Map.of(0, 7L));
        assertThat(KafkaPosition.parse(token).of("other")).isEmpty();
    }

    @Test
    void tokenOfManyPartitionsStaysWithinItsLimit() {
        var position = new KafkaPosition();
        for (int number = 0; number < 128; number++) {
            position.passed("t", number, 1_000_000_007L * (number + 1) % 999_999_937);
        }
        Position token = position.position(true).orElseThrow();
        assertThat(token.token()).hasSizeLessThanOrEqualTo(1024);
        assertThat(KafkaPosition.parse(token).of("t")).isEqualTo(position.of("t"));
    }

    @Test
    void nothingReadHasNoPosition() {
        assertThat(new KafkaPosition().position(true)).isEmpty();
        assertThat(new KafkaPosition().position(false)).isEmpty();
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (String bad :
                List.of("x", "1", "1:", ":1", "1:-2", "-1:2", "1:2,", "~", "~%%%", "a/1")) {
            assertThatThrownBy(() -> KafkaPosition.parse(new Position(bad)), bad)
                    .isInstanceOf(InvalidPositionException.class)
                    .hasMessageContaining(bad);
        }
    }
}
