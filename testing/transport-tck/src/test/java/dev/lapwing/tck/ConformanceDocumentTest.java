// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code docs/conformance.md} says what the suite is. To write it anew, run this test with {@code
 * -Dlapwing.document=write}.
 */
class ConformanceDocumentTest {

    /** What these prove is done above every transport, so that none can do it wrong. */
    private static final Set<String> ABOVE_TRANSPORTS =
            Set.of(
                    "badTopicNamesAreRefused",
                    "demandIsCredit",
                    "limitsOfAMessageAreKept",
                    "plainSubscriberTriesAgainToo",
                    "requestWithoutReplyTimesOut");

    private static final List<Method> CHECKS =
            Arrays.stream(TransportConformance.class.getMethods())
                    .filter(method -> method.isAnnotationPresent(Check.class))
                    .sorted(Comparator.comparing(Method::getName))
                    .toList();

    @Test
    void everyClauseHasACheck() {
        for (Clause clause : Clause.values()) {
            assertThat(checksOf(clause)).as("checks of clause %s", clause).isNotEmpty();
        }
    }

    @Test
    void everyCheckIsProvenByABrokenTransport() {
        var proven = new TreeSet<String>();
        Flaw.all().forEach(flaw -> proven.addAll(flaw.checks()));
        proven.addAll(ABOVE_TRANSPORTS);
        assertThat(proven).containsExactlyElementsOf(CHECKS.stream().map(Method::getName).toList());
    }

    @Test
    void everyFlawHasANameOfItsOwn() {
        assertThat(Flaw.all()).extracting(Flaw::name).doesNotHaveDuplicates();
    }

    @Test
    void documentSaysWhatTheSuiteIs() throws IOException {
        Path document = repository().resolve("docs/conformance.md");
        String expected = template().replace("@CLAUSES@", clauses()).replace("@COUNTS@", counts());
        if ("write".equals(System.getProperty("lapwing.document"))) {
            Files.writeString(document, expected);
        }
        assertThat(Files.readString(document))
                .as("docs/conformance.md; write it anew with -Dlapwing.document=write")
                .isEqualTo(expected);
    }

    private static String counts() {
        return "%d clauses, %d checks, %d broken transports"
                .formatted(Clause.values().length, CHECKS.size(), Flaw.all().size());
    }

    private static String clauses() {
        return Arrays.stream(Clause.values())
                .map(ConformanceDocumentTest::section)
                .collect(Collectors.joining("\n"));
    }

    private static String section(Clause clause) {
        return """
        ### %s %s

        | check | a transport fails it that … | broken transports that prove the check |
        |---|---|---|
        %s
        """
                .formatted(
                        clause.number(),
                        clause.text(),
                        checksOf(clause).stream()
                                .map(ConformanceDocumentTest::row)
                                .collect(Collectors.joining("\n")));
    }

    private static String row(Method check) {
        String name = check.getName();
        String flaws =
                Flaw.all().stream()
                        .filter(flaw -> flaw.checks().contains(name))
                        .map(Flaw::name)
                        .collect(Collectors.joining("; "));
        return "| `%s` | %s | %s |"
                .formatted(
                        name,
                        check.getAnnotation(Check.class).flaw(),
                        flaws.isEmpty() ? "– (done above every transport)" : flaws);
    }

    private static List<Method> checksOf(Clause clause) {
        return CHECKS.stream()
                .filter(check ->
                        List.of(check.getAnnotation(Check.class).proves()).contains(clause))
                .toList();
    }

    private static String template() throws IOException {
        try (var text =
                ConformanceDocumentTest.class.getResourceAsStream("/conformance-template.md")) {
            return new String(text.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("mvnw"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
