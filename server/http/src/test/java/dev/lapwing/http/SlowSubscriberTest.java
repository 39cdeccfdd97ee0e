// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

@ExtendWith(LeakGuard.class)
class SlowSubscriberTest {
    private static final int EVENTS = 3000;
    private static final String PADDING = "x".repeat(10_000);

    private final TestServer server =
            TestServer.start(options ->
                    options.withLimits(options.limits().withMaxSubscriberBytes(256 << 10)));

    @AfterEach
    void close() {
        server.close();
    }

    private static String event(int number) {
        return number + " " + PADDING;
    }

    private static int number(String event) {
        return Integer.parseInt(event.substring(0, event.indexOf(' ')));
    }

    private void publish(int from, int to) {
        IntStream.range(from, to).forEach(number -> server.publish("t", event(number)));
    }

    /** Reads events until the close frame, which it returns. */
    private static RawClient.Frame readToClose(RawClient client, List<Integer> seen)
            throws IOException {
        RawClient.Frame frame = client.frame();
        for (; frame.opcode() == 1; frame = client.frame()) {
            seen.add(number(frame.text()));
        }
        return frame;
    }

    @Test
    void slowSubscriberIsClosedWithWhereToResumeAndOthersAreNotDelayed() throws Exception {
        try (var slow = new RawClient(server.port(), 4096).upgrade("t");
                var quick = server.subscribe("t");
                var other = server.subscribe("t")) {
            for (int at = 0; at < EVENTS; at++) {
                publish(at, at + 1);
                assertThat(number(quick.next().string())).isEqualTo(at);
                assertThat(number(other.next().string())).isEqualTo(at);
            }

            var seen = new ArrayList<Integer>();
            RawClient.Frame close = readToClose(slow, seen);
            assertThat(close.closeCode()).isEqualTo(CloseCode.SLOW);
            assertThat(close.closeReason()).startsWith("slow; resume after ");
            assertThat(seen).hasSizeLessThan(EVENTS).isEqualTo(upTo(seen.size()));

            resumeSeesTheRest(close.closeReason(), seen.size());
        }
    }

    @Test
    void slowSubscriberThatIsAloneIsClosedToo() throws Exception {
        try (var slow = new RawClient(server.port(), 4096).upgrade("t")) {
            publish(0, EVENTS);

            await().until(() -> server.server().internals().slowSubscribers() == 1);
            var seen = new ArrayList<Integer>();
            RawClient.Frame close = readToClose(slow, seen);
            assertThat(close.closeCode()).isEqualTo(CloseCode.SLOW);
            resumeSeesTheRest(close.closeReason(), seen.size());
        }
    }

    private static List<Integer> upTo(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    private void resumeSeesTheRest(String reason, int seen) throws InterruptedException {
        String from = reason.substring(reason.lastIndexOf(' ') + 1);
        try (var again = server.subscribe("t?from=" + from)) {
            for (int at = seen; at < EVENTS; at++) {
                assertThat(number(again.next().string())).isEqualTo(at);
            }
        }
    }

    @Test
    void replayWaitsForASlowReader() throws Exception {
        publish(0, EVENTS);
        try (var slow = new RawClient(server.port(), 4096).upgrade("t?from=earliest");
                var quick = server.subscribe("t?from=earliest")) {
            for (int at = 0; at < EVENTS; at++) {
                assertThat(number(quick.next().string())).isEqualTo(at);
            }
            for (int at = 0; at < EVENTS; at++) {
                assertThat(number(slow.frame().text())).isEqualTo(at);
            }
        }
    }
}
