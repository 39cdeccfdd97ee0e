// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.runtime.EffectiveCapabilities;
import dev.lapwing.spi.TransportMode;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code docs/transports.md} says what the transports can do. To write it anew, run this test with
 * {@code -Dlapwing.document=write}.
 */
class TransportsDocumentTest {

    /** In the order of the document; whoever is not here comes behind, by name. */
    private static final List<String> ORDER =
            List.of("embedded", "rabbitmq", "kafka", "redis", "nats", "zeromq");

    /** A broker for tests. */
    private static final String REFERENCE = "reference";

    private static final List<TransportProvider> PROVIDERS =
            ServiceLoader.load(TransportProvider.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(provider -> !provider.name().equals(REFERENCE))
                    .sorted(
                            Comparator.comparing(TransportsDocumentTest::place)
                                    .thenComparing(TransportProvider::name))
                    .toList();

    private static final List<TransportMode> MODES =
            PROVIDERS.stream().flatMap(provider -> provider.modes().stream()).toList();

    private static int place(TransportProvider provider) {
        int place = ORDER.indexOf(provider.name());
        return place < 0 ? ORDER.size() : place;
    }

    @Test
    void documentSaysWhatTheTransportsCanDo() throws IOException {
        Path document = Sources.ofTheRepository().folder().resolve("docs/transports.md");
        String expected =
                template()
                        .replace("@MATRIX@", matrix())
                        .replace(
                                "@NOTES@", lines(MODES.stream().map(TransportsDocumentTest::notes)))
                        .replace(
                                "@OPTIONS@",
                                lines(PROVIDERS.stream().map(TransportsDocumentTest::options))
                                        .strip());
        if ("write".equals(System.getProperty("lapwing.document"))) {
            Files.writeString(document, expected);
        }
        assertThat(Files.readString(document))
                .as("docs/transports.md; write it anew with -Dlapwing.document=write")
                .isEqualTo(expected);
    }

    @Test
    void modesHaveNamesOfTheirOwnAndOptionsThatAreKnown() {
        assertThat(MODES).extracting(TransportMode::name).doesNotHaveDuplicates();
        for (TransportProvider provider : PROVIDERS) {
            var known =
                    new TreeSet<>(provider.options().stream().map(TransportOption::name).toList());
            for (TransportMode mode : provider.modes()) {
                TransportUri uri = TransportUri.parse(mode.uri());
                assertThat(provider.schemes()).as(mode.uri()).contains(uri.scheme());
                assertThat(known).as(mode.uri()).containsAll(uri.options().keySet());
            }
        }
    }

    private static String matrix() {
        String head = row("", MODES.stream().map(TransportMode::name).toList());
        String rule = "|---|" + "---|".repeat(MODES.size());
        return head
                + "\n"
                + rule
                + "\n"
                + Arrays.stream(Capability.values())
                        .map(capability ->
                                row(
                                        "%s (`%s`)".formatted(capability.phrase(), capability),
                                        MODES.stream()
                                                .map(mode -> mark(table(mode).entry(capability)))
                                                .toList()))
                        .collect(Collectors.joining("\n"));
    }

    private static String row(String first, List<String> cells) {
        return "| " + first + " | " + String.join(" | ", cells) + " |";
    }

    private static String mark(Capabilities.Entry entry) {
        return switch (entry.support()) {
            case NATIVE -> "●";
            case EMULATED -> "◐";
            case UNSUPPORTED -> "–";
        };
    }

    private static Capabilities table(TransportMode mode) {
        return EffectiveCapabilities.over(mode.capabilities());
    }

    private static String notes(TransportMode mode) {
        Capabilities table = table(mode);
        return """
        ### %s

        `%s`

        | | | |
        |---|---|---|
        %s
        """
                .formatted(
                        mode.name(),
                        mode.uri(),
                        Arrays.stream(Capability.values())
                                .filter(capability -> !table.isNative(capability))
                                .map(capability ->
                                        row(
                                                mark(table.entry(capability)),
                                                List.of(
                                                        capability.phrase(),
                                                        cell(table.entry(capability).note()))))
                                .collect(Collectors.joining("\n")));
    }

    private static String options(TransportProvider provider) {
        String schemes =
                new TreeSet<>(provider.schemes())
                        .stream().map("`%s:`"::formatted).collect(Collectors.joining(", "));
        return """
        ### %s: %s

        | option | values | standard | |
        |---|---|---|---|
        %s
        """
                .formatted(
                        provider.name(),
                        schemes,
                        provider.options().stream()
                                .map(option ->
                                        row(
                                                "`" + option.name() + "`",
                                                List.of(
                                                        cell(option.values()),
                                                        cell(option.standard()),
                                                        cell(option.description()))))
                                .collect(Collectors.joining("\n")));
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }

    private static String lines(java.util.stream.Stream<String> parts) {
        return parts.collect(Collectors.joining("\n"));
    }

    private static String template() throws IOException {
        try (var text =
                TransportsDocumentTest.class.getResourceAsStream("/transports-template.md")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
