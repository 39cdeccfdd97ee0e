// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

@ExtendWith(LeakGuard.class)
class ReplayTest {
    private static final Pattern EVENT =
            Pattern.compile("\\{\"position\":\"(\\d+)\".*\"data\":\"(\\d+)\"}");

    private final TestServer server = TestServer.start();

    @AfterEach
    void close() {
        server.close();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }

    @Test
    void earliestBringsEverythingAndThenWhatComes() throws Exception {
        numbers(0, 1000).forEach(text -> server.publish("t", text));
        try (var subscriber = server.subscribe("t?from=earliest")) {
            assertThat(subscriber.next(1000)).isEqualTo(numbers(0, 1000));
            server.publish("t", "live");
            assertThat(subscriber.next().string()).isEqualTo("live");
        }
    }

    @Test
    void earliestOfAnEmptyTopicBringsWhatComes() throws Exception {
        try (var subscriber = server.subscribe("t?from=earliest")) {
            server.publish("t", "first");
            assertThat(subscriber.next().string()).isEqualTo("first");
        }
    }

    @Test
    void positionBringsWhatIsBehindIt() throws Exception {
        var positions = new ArrayList<String>();
        numbers(0, 10).forEach(text -> positions.add(server.publish("t", text)));
        try (var middle = server.subscribe("t?from=" + positions.get(4));
                var last = server.subscribe("t?from=" + positions.get(9))) {
            server.publish("t", "live");

            assertThat(middle.next(6)).containsExactly("5", "6", "7", "8", "9", "live");
            assertThat(last.next().string()).isEqualTo("live");
        }
    }

    @Test
    void timeBringsWhatCameSince() throws Exception {
        server.publish("t", "before");
        Instant time = Instant.now().plusMillis(2);
        org.awaitility.Awaitility.await().until(() -> Instant.now().isAfter(time.plusMillis(2)));
        server.publish("t", "after");
        try (var subscriber = server.subscribe("t?from=" + time)) {
            assertThat(subscriber.next().string()).isEqualTo("after");
            server.publish("t", "live");
            assertThat(subscriber.next().string()).isEqualTo("live");
        }
    }

    @Test
    void patternBringsThePastOfAllItsTopics() throws Exception {
        server.publish("a.x", "1");
        server.publish("a.y", "2");
        try (var subscriber = server.subscribe("a.*?from=earliest")) {
            assertThat(subscriber.next(2)).containsExactlyInAnyOrder("1", "2");
            server.publish("a.x", "3");
            assertThat(subscriber.next().string()).isEqualTo("3");
        }
    }

    @Test
    void positionThatWasNeverGivenOutIsRefused() {
        server.publish("t", "0");

        assertThatThrownBy(() -> server.subscribe("t?from=1000000"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("409");
        assertThatThrownBy(() -> server.subscribe("t?from=nonsense"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("400");
        assertThatThrownBy(() -> server.subscribe("t.*?from=3"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("400");
    }

    @Test
    void oneWhoReconnectsAgainAndAgainMissesNothingAndSeesNothingTwice() throws Exception {
        int events = Integer.getInteger("lapwing.replay.events", 20_000);
        var publishing = new AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var readers = new ArrayList<Future<List<String>>>();
            for (int reader = 0; reader < 6; reader++) {
                int breakAfter = 50 + reader * 333;
                readers.add(threads.submit(() -> readWithBreaks(events, breakAfter)));
            }
            for (int at = 0; at < events; at += 10) {
                var batch =
                        IntStream.range(at, at + 10)
                                .mapToObj(number ->
                                        dev.lapwing.Message.to("t")
                                                .text(Integer.toString(number))
                                                .build())
                                .toList();
                server.lapwing().publishAll(batch);
            }
            publishing.set(false);

            for (Future<List<String>> reader : readers) {
                assertThat(reader.get()).isEqualTo(numbers(0, events));
            }
        }
    }

    /** Reads until all is there, on a new connection after every so many events. */
    private List<String> readWithBreaks(int events, int breakAfter) throws Exception {
        var seen = new ArrayList<String>();
        String from = "earliest";
        while (seen.size() < events) {
            try (var subscriber = server.subscribe("t?format=json&from=" + from)) {
                for (int at = 0; at < breakAfter && seen.size() < events; at++) {
                    Matcher event = EVENT.matcher(subscriber.next().string());
                    assertThat(event.matches()).isTrue();
                    from = event.group(1);
                    seen.add(event.group(2));
                }
            }
        }
        return seen;
    }
}
