// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Names and header texts can be read back, and plain ones stay themselves. */
class NatsNamesTest {

    @Test
    void plainNamesStayThemselves() {
        assertThat(NatsNames.stream("orders")).isEqualTo("orders");
        assertThat(NatsNames.durable("billing", "orders.created"))
                .isEqualTo("billing@orders+created");
    }

    @Test
    void anyNameCanBeReadBack() {
        for (String name : List.of("订单", "a.b", "a+b", "a=b", "a@b", "*.>", "x y")) {
            assertThat(NatsNames.unescape(NatsNames.escape(name))).contains(name);
            assertThat(NatsNames.isPlain(NatsNames.escape(name))).isTrue();
            assertThat(NatsNames.group(NatsNames.durable(name, "t." + name))).isEqualTo(name);
        }
    }

    @Test
    void longNamesFitAndAreKeptApart() {
        String longest = "订".repeat(80);
        assertThat(NatsNames.durable("订".repeat(33), longest)).hasSizeLessThan(255);
        assertThat(NatsNames.stream(longest)).isNotEqualTo(NatsNames.stream(longest + "x"));
    }

    @Test
    void plainHeaderTextStaysItself() {
        assertThat(NatsText.isPlain("a b=c?")).isTrue();
        assertThat(new String(NatsText.decode("a b=c?"), StandardCharsets.UTF_8))
                .isEqualTo("a b=c?");
    }

    @Test
    void anyHeaderValueCanBeReadBack() {
        byte[][] values = {
            {0, -1, 7},
            "订单".getBytes(StandardCharsets.UTF_8),
            " x ".getBytes(StandardCharsets.UTF_8),
            "=?utf-8?B?eA==?=".getBytes(StandardCharsets.UTF_8)
        };
        for (byte[] value : values) {
            assertThat(NatsText.isPlain(value)).isFalse();
            assertThat(NatsText.decode(NatsText.encode(value))).isEqualTo(value);
        }
    }
}
