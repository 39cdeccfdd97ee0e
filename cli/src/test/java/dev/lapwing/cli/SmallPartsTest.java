// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import picocli.CommandLine.TypeConversionException;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

class SmallPartsTest {

    @Test
    void sizeIsReadAndWrittenAsPeopleDo() {
        assertThat(ByteSize.parse("0").bytes()).isZero();
        assertThat(ByteSize.parse("512").bytes()).isEqualTo(512);
        assertThat(ByteSize.parse("1MiB").bytes()).isEqualTo(1 << 20);
        assertThat(ByteSize.parse("3 GiB").bytes()).isEqualTo(3L << 30);
        for (String text : List.of("", "-1", "1MB", "1.5KiB", "x", "999999999999TiB")) {
            assertThatThrownBy(() -> ByteSize.parse(text))
                    .as(text)
                    .isInstanceOf(TypeConversionException.class);
        }
        assertThat(new ByteSize(1023)).hasToString("1023 B");
        assertThat(new ByteSize(1536)).hasToString("1.5 KiB");
        assertThat(new ByteSize(5L << 40)).hasToString("5.0 TiB");
    }

    @Test
    void durationHasAUnit() {
        assertThat(Durations.parse("250ms")).isEqualTo(Duration.ofMillis(250));
        assertThat(Durations.parse("7d")).isEqualTo(Duration.ofDays(7));
        for (String text : List.of("", "5", "-5s", "1w")) {
            assertThatThrownBy(() -> Durations.parse(text))
                    .as(text)
                    .isInstanceOf(TypeConversionException.class);
        }
    }

    @Test
    void nearestWordIsTheOneThatWasMeant() {
        List<String> known = List.of("serve", "sub", "pub", "topics", "--port", "--json");
        assertThat(Nearest.to("srve", known)).contains("serve");
        assertThat(Nearest.to("topcs", known)).contains("topics");
        assertThat(Nearest.to("--prot", known)).contains("--port");
        assertThat(Nearest.to("zzzzzzz", known)).isEmpty();
    }

    @Test
    void lineOfAnyLengthTakesNoMoreMemoryThanTheLimit() throws Exception {
        byte[] input = ("a\r\n" + "x".repeat(1_000) + "\rb\n\r").getBytes(StandardCharsets.UTF_8);
        var lines = new LineReader(new ByteArrayInputStream(input), 10);

        assertThat(lines.next().orElseThrow()).isEqualTo(new byte[] {'a'});
        assertThat(lines.next().orElseThrow()).hasSize(11);
        assertThat(lines.next().orElseThrow()).isEqualTo(new byte[] {'\r'});
        assertThat(lines.next()).isEmpty();
    }
}
