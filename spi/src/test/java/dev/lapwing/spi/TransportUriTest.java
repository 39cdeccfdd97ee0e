// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.InvalidUriException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

class TransportUriTest {

    @Test
    void uriHasSchemeAddressAndOptions() {
        var uri = TransportUri.parse("EMBEDDED:/var/lib/a b?fsync=always&note=a%20b+c");
        assertThat(uri.scheme()).isEqualTo("embedded");
        assertThat(uri.address()).isEqualTo("/var/lib/a b");
        assertThat(uri.options()).isEqualTo(Map.of("fsync", "always", "note", "a b+c"));
        assertThat(TransportUri.parse("memory:").address()).isEmpty();
        assertThat(TransportUri.parse("zmq+tcp://127.0.0.1:5555").scheme()).isEqualTo("zmq+tcp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data",
                ":x",
                "1a:x",
                "embedded:x?a",
                "embedded:x?=1",
                "embedded:x?a=1&a=2",
                "embedded:x?a=%zz"
            })
    void uriThatIsNoneIsRefused(String uri) {
        assertThatThrownBy(() -> TransportUri.parse(uri)).isInstanceOf(InvalidUriException.class);
    }

    @Test
    void tokenIsNeverShown() {
        assertThat(TransportUri.parse("nats://s3cret@host:4222?mode=core"))
                .hasToString("nats://***@host:4222");
    }

    @Test
    void passwordIsNeverShown() {
        var uri = TransportUri.parse("amqp://henry:secret@host:5672/?prefetch=x");
        assertThat(uri).hasToString("amqp://henry:***@host:5672/");
        assertThatThrownBy(() -> uri.number("prefetch", 1, 1, 9))
                .hasMessageNotContaining("secret")
                .hasMessageContaining("'x'");
        assertThatThrownBy(() -> TransportUri.parse("amqp://henry:secret@host?a"))
                .hasMessageNotContaining("secret");
    }

    @Test
    void valuesAreReadWithTheirUnits() {
        var uri = TransportUri.parse("memory:?n=7&size=64MiB&time=250ms&word=b");
        assertThat(uri.number("n", 1, 1, 9)).isEqualTo(7);
        assertThat(uri.number("absent", 1, 1, 9)).isEqualTo(1);
        assertThat(uri.bytes("size", 0)).isEqualTo(64L << 20);
        assertThat(uri.duration("time", Duration.ZERO)).isEqualTo(Duration.ofMillis(250));
        assertThat(uri.choice("word", "a", List.of("a", "b"))).isEqualTo("b");
    }

    @Test
    void valuesOutOfRangeSayWhatTheyMustBe() {
        var uri = TransportUri.parse("memory:?n=70&size=1MB&time=5&word=c&big=9999999999TiB");
        assertThatThrownBy(() -> uri.number("n", 1, 1, 9))
                .hasMessage("Option 'n' is '70' in memory:; it must be a whole number from 1 to 9");
        assertThatThrownBy(() -> uri.bytes("size", 0)).hasMessageContaining("64MiB");
        assertThatThrownBy(() -> uri.bytes("big", 0)).isInstanceOf(InvalidUriException.class);
        assertThatThrownBy(() -> uri.duration("time", Duration.ZERO)).hasMessageContaining("250ms");
        assertThatThrownBy(() -> uri.choice("word", "a", List.of("a", "b")))
                .hasMessageContaining("one of a, b");
    }
}
