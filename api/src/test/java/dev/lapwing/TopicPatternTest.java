// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;

class TopicPatternTest {

    @ParameterizedTest
    @CsvSource({
        "orders.created, orders.created, true",
        "orders.created, orders, false",
        "orders.*, orders.created, true",
        "orders.*, orders, false",
        "orders.*, orders.created.eu, false",
        "orders.>, orders.created.eu, true",
        "orders.>, orders, false",
        "*.created, orders.created, true",
        "*.created, created, false",
        "orders.*.eu, orders.created.eu, true",
        "orders.*.eu, orders.created.us, false",
        "orders.*.eu, orders.created.europe, false",
        "orders.*.europe, orders.created.eu, false",
        ">, a, true",
        ">, a.b.c, true",
        "*, 订单, true",
        ">, _dead.billing.orders, false",
        "*.billing.orders, _dead.billing.orders, false",
        "_dead.>, _dead.billing.orders, true"
    })
    void patternMatchesWordByWord(String pattern, String topic, boolean matches) {
        assertThat(TopicPattern.parse(pattern).matches(topic)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource({
        "orders*, wildcard inside the word",
        "a.>.b, before its end",
        "a.b>, wildcard inside the word",
        "a..b, empty word"
    })
    void patternSaysWhatIsWrong(String pattern, String problem) {
        assertThatThrownBy(() -> TopicPattern.parse(pattern))
                .isInstanceOf(InvalidTopicException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void patternAgreesWithAPlainWordComparison() {
        long seed = Long.getLong("lapwing.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            String pattern = words(random, "a", "bb", "*", "ab");
            if (random.nextInt(3) == 0) {
                pattern += ".>";
            }
            String topic = words(random, "a", "bb", "ab", "b");
            assertThat(TopicPattern.parse(pattern).matches(topic))
                    .as("pattern %s, topic %s, seed %d", pattern, topic, seed)
                    .isEqualTo(plainMatch(pattern.split("\\."), topic.split("\\.")));
        }
    }

    private static String words(Random random, String... vocabulary) {
        return random.ints(1 + random.nextInt(4), 0, vocabulary.length)
                .mapToObj(at -> vocabulary[at])
                .collect(Collectors.joining("."));
    }

    private static boolean plainMatch(String[] pattern, String[] topic) {
        if (pattern.length > 0 && pattern[0].equals(">")) {
            return topic.length > 0;
        }
        if (pattern.length == 0 || topic.length == 0) {
            return pattern.length == topic.length;
        }
        return (pattern[0].equals("*") || pattern[0].equals(topic[0]))
                && plainMatch(
                        Arrays.copyOfRange(pattern, 1, pattern.length),
                        Arrays.copyOfRange(topic, 1, topic.length));
    }
}
