// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The commands inside this process, against a log in a directory. */
class CommandLineTest {

    @TempDir Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private String uri = "";

    @BeforeEach
    void chooseLog() {
        uri = "embedded:" + folder.resolve("data") + "?segment-bytes=4MiB";
    }

    private int run(String input, String... arguments) {
        out.reset();
        err.reset();
        var streams =
                new Streams(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        out,
                        new PrintWriter(err, true, StandardCharsets.UTF_8),
                        false,
                        false,
                        false);
        return CommandLines.create(streams, Map.of()).execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void publishedArgumentIsPrintedBySub() {
        assertThat(run("", "pub", "greetings", "héllo", "--uri", uri)).isZero();
        assertThat(err()).isEqualTo("Published 1 message to greetings, position 0\n");
        assertThat(out()).isEmpty();

        assertThat(run("", "sub", "greetings", "--from", "earliest", "-n", "1", "--uri", uri))
                .isZero();
        assertThat(out()).isEqualTo("Subscribed to greetings\nReceived message: héllo\n");
    }

    @Test
    void linesArePublishedInOrderWithoutTheirEnds() {
        assertThat(run("one\r\ntwo\n\nfour", "pub", "t", "--uri", uri)).isZero();
        assertThat(err()).startsWith("Published 4 messages (10 B) to t in ");

        run("", "sub", "t", "--raw", "--from", "earliest", "-n", "4", "--uri", uri);
        assertThat(out()).isEqualTo("one\ntwo\n\nfour\n");
        assertThat(err()).isEqualTo("Subscribed to t\n");
    }

    @Test
    void fileIsOneMessageOrItsLines() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "a\nb\n");

        run("", "pub", "t", "--file", file.toString(), "--uri", uri);
        run("", "pub", "t", "--file", file.toString(), "--lines", "--uri", uri);
        run("from\ninput", "pub", "t", "--file", "-", "--uri", uri);

        run("", "sub", "t", "--json", "--from", "earliest", "-n", "4", "--uri", uri);
        assertThat(out().lines().map(line -> line.replaceAll(".*\"data\":", "")))
                .containsExactly("\"a\\nb\\n\"}", "\"a\"}", "\"b\"}", "\"from\\ninput\"}");
    }

    @Test
    void optionsOfAMessageAreKept() {
        run(
                "", "pub", "t", "x", "--key", "k", "-H", "a=1", "-H", "b=2=3", "--id", "i", "--ttl",
                "1h", "--uri", uri);
        assertThat(run("", "pub", "t", "x", "--id", "i", "--uri", uri)).isZero();
        assertThat(err()).contains("it was there before");

        run("", "sub", "t", "--json", "--from", "earliest", "-n", "1", "--uri", uri);
        assertThat(out())
                .startsWith(
                        "{\"topic\":\"t\",\"position\":\"0\",\"id\":\"i\",\"key\":\"k\",\"time\":\"")
                .endsWith("\"headers\":{\"a\":\"1\",\"b\":\"2=3\"},\"data\":\"x\"}\n");
    }

    @Test
    void lineOverTheLimitIsToldAndTheOthersGoOn() {
        int code =
                run(
                        "good\n" + "x".repeat(200) + "\nalso good\n",
                        "pub",
                        "t",
                        "--max-payload",
                        "100",
                        "--uri",
                        uri);

        assertThat(code).isOne();
        assertThat(err())
                .contains("lapwing: line 2: ", "101 bytes", "Published 2 messages", "1 failed");
    }

    @Test
    void messagesThatDoNotComeMakeTheCountFail() {
        run("", "pub", "t", "only one", "--uri", uri);

        assertThat(
                        run(
                                "",
                                "sub",
                                "t",
                                "--from",
                                "earliest",
                                "-n",
                                "2",
                                "-t",
                                "200ms",
                                "--uri",
                                uri))
                .isOne();
        assertThat(run("", "sub", "t", "--from", "earliest", "-t", "200ms", "--uri", uri)).isZero();
    }

    @Test
    void groupRemembersWhatWasPrinted() {
        run("1\n2\n3\n", "pub", "t", "--uri", uri);

        run("", "sub", "t", "--raw", "-g", "g", "--from", "earliest", "-n", "2", "--uri", uri);
        assertThat(out()).isEqualTo("1\n2\n");
        run("", "groups", "t", "--uri", uri);
        assertThat(out().lines().toList().getFirst()).isEqualTo("GROUP  LAG  IN FLIGHT  MEMBERS");
        assertThat(out().lines().toList().getLast()).matches("g +1 +\\d +0");
        run("", "sub", "t", "--raw", "-g", "g", "-n", "1", "--uri", uri);
        assertThat(out()).isEqualTo("3\n");
    }

    @Test
    void topicsAreATableThatStandsStraightWithWideLetters() {
        run("", "topics", "--uri", uri);
        assertThat(err()).startsWith("There are no topics yet");
        run("1\n2\n", "pub", "订单", "--uri", uri);
        run("1\n", "pub", "letters", "--uri", uri);

        run("", "topics", "--uri", uri);

        assertThat(out().lines().toList().get(0)).matches("TOPIC    MESSAGES +SIZE  FIRST  LAST");
        assertThat(out().lines().toList().get(1)).matches("letters         1 +\\d+ B      0     0");
        assertThat(out().lines().toList().get(2)).matches("订单            2 +\\d+ B      0     1");
        run("", "topics", "--json", "--uri", uri);
        assertThat(out()).startsWith("[{\"name\":\"letters\",\"messages\":1,\"bytes\":");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "srve|Did you mean: serve?",
                "sub t --josn|Did you mean: --json?",
                "serve --prot=1|Did you mean: --port?",
                "pub|Missing required parameter: 'TOPIC'",
                "pub t m --file f|MESSAGE and --file exclude each other",
                "pub t m --lines|--lines is for a file",
                "pub t --id i|--id is for one message",
                "pub t m -H nothing|A header is written NAME=VALUE",
                "pub t m --ttl 5|write it like 250ms, 30s, 5m, 12h or 7d",
                "pub a..b m|has an empty word",
                "pub a.* m|is a pattern",
                "sub a.>.b|'>' is the last word",
                "sub t --from 2026-99-01T00:00|is not a time",
                "sub t --raw --json|mutually exclusive",
                "topics --uri nothing|is not a connection URI",
                "topics --uri lapwin://x|did you mean 'lapwing'?",
                "sub t --uri lapwing://h?lane=1|did you mean 'lanes'?"
            })
    void mistakeIsToldInOneLineWithCodeTwo(String example) {
        String[] words = example.substring(0, example.indexOf('|')).split(" ");

        assertThat(run("", words)).as(err()).isEqualTo(2);
        assertThat(err())
                .startsWith("lapwing: ")
                .contains(example.substring(example.indexOf('|') + 1));
        assertThat(err().lines().count()).isLessThanOrEqualTo(3);
    }

    @Test
    void nobodyThereIsCodeThree() {
        assertThat(run("", "pub", "t", "m", "--uri", "lapwing://127.0.0.1:1")).isEqualTo(3);
        assertThat(err())
                .isEqualTo(
                        "lapwing: No Lapwing server answers at lapwing://127.0.0.1:1: connection"
                                + " refused. Start one with: lapwing serve\n");
        assertThat(run("", "topics", "--uri", "http://127.0.0.1:1/")).isEqualTo(3);
    }

    @Test
    void debugShowsWhereAnErrorCameFrom() {
        run("", "pub", "a..b", "m", "--debug");
        assertThat(err()).contains("\tat dev.lapwing.");
    }

    @Test
    void helpShowsExamplesAndDefaultsInPlainText() {
        for (String command :
                new String[] {"serve", "pub", "sub", "topics", "groups", "completion"}) {
            assertThat(run("", command, "--help")).isZero();
            assertThat(out()).contains("Usage: lapwing " + command, "Examples:", "Exit codes:");
            assertThat(out()).doesNotContain("\u001b", "null");
            assertThat(out().lines()).allMatch(line -> line.length() <= 100);
        }
        assertThat(run("", "--help")).isZero();
        assertThat(out()).contains("serve", "Run the server.");
        assertThat(run("")).isEqualTo(2);
        assertThat(run("", "--version")).isZero();
        assertThat(out()).matches("lapwing \\d+\\.\\d+\\.\\d+\\S* \\(Java \\d+\\)\n");
    }

    @Test
    void completionKnowsEveryCommandAndOption() {
        assertThat(run("", "completion")).isZero();
        assertThat(out()).contains("serve", "--max-payload", "--from", "complete -F");
    }
}
