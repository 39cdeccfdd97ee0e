// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

class ValuesTest {

    @Test
    void startIsReadFromText() {
        assertThat(StartAt.parse("now")).isEqualTo(StartAt.now());
        assertThat(StartAt.parse("earliest")).isEqualTo(StartAt.earliest());
        assertThat(StartAt.parse("42")).isEqualTo(StartAt.after(new Position("42")));
        assertThat(StartAt.parse("1700000000000-3"))
                .isEqualTo(StartAt.after(new Position("1700000000000-3")));
        assertThat(StartAt.parse("2026-11-20T09:00:00Z"))
                .isEqualTo(StartAt.time(Instant.parse("2026-11-20T09:00:00Z")));
        assertThat(StartAt.parse("2026-11-20T10:00:00+01:00"))
                .isEqualTo(StartAt.time(Instant.parse("2026-11-20T09:00:00Z")));
    }

    @Test
    void startSaysHowATimeIsWritten() {
        assertThatThrownBy(() -> StartAt.parse("2026-11-20T25:00:00Z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2026-11-20T09:00:00Z");
    }

    @Test
    void positionIsPrintable() {
        assertThatThrownBy(() -> new Position("")).hasMessageContaining("1 to 1024");
        assertThatThrownBy(() -> new Position("a b")).hasMessageContaining("index 1");
        assertThatThrownBy(() -> new Position("x".repeat(1025))).hasMessageContaining("1025");
    }

    @Test
    void headersKeepOrderAndRepeats() {
        var headers = Headers.none().with("a", "1").with("b", "2").with("a", "3");
        assertThat(headers).hasSize(3);
        assertThat(headers.first("a")).contains("1");
        assertThat(headers.first("c")).isEmpty();
        assertThat(headers.without(List.of("a"))).hasToString("{b=2}");
        assertThat(headers).hasToString("{a=1, b=2, a=3}");
    }

    @Test
    void copyToAnotherTopicKeepsEverything() {
        var message =
                Message.to("a")
                        .id("i")
                        .key("k")
                        .header("h", "v")
                        .text("hello")
                        .timestamp(Instant.EPOCH)
                        .priority(3)
                        .timeToLive(Duration.ofSeconds(9))
                        .deliverAfter(Duration.ofSeconds(1))
                        .replyTo("r")
                        .correlationId("c")
                        .build();
        var copy = message.copyTo("b").build();
        assertThat(copy.topic()).isEqualTo("b");
        assertThat(copy).usingRecursiveComparison().ignoringFields("topic").isEqualTo(message);
    }

    @Test
    void capabilitiesRefuseWithTheAlternative() {
        var capabilities =
                Capabilities.of("zeromq")
                        .withNative(Capability.PATTERNS)
                        .withEmulated(Capability.REQUEST_REPLY, "by a reply topic")
                        .without(Capability.GROUPS, "use nats: or embedded:");
        capabilities.require(Capability.PATTERNS);
        capabilities.require(Capability.REQUEST_REPLY);
        assertThat(capabilities.isNative(Capability.REQUEST_REPLY)).isFalse();
        assertThatThrownBy(() -> capabilities.require(Capability.GROUPS))
                .isInstanceOf(UnsupportedCapabilityException.class)
                .hasMessage(
                        "The transport zeromq has no groups of consumers (GROUPS);"
                                + " use nats: or embedded:");
    }

    @Test
    void optionsSayTheirRange() {
        assertThatThrownBy(() -> ConnectOptions.defaults().withMaxPayloadBytes(-1))
                .hasMessage("maxPayloadBytes is -1; it must be at least 0");
    }
}
