// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.RequestTimeoutException;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Request and reply. */
public interface RequestChecks extends Conformance {

    /** Many at once, each gets its own. */
    @Check(
            proves = {Clause.REQUEST_REPLY, Clause.DECLARED},
            flaw = "mixes up the replies to requests")
    default void everyRequestGetsItsOwnReply() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("square");
        if (refusesRequests(topic)) {
            return;
        }
        lapwing.subscribe(topic)
                .concurrency(8)
                .reply(request -> {
                    int number = Integer.parseInt(request.text());
                    return String.valueOf(number * number);
                });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<String>> replies =
                    IntStream.range(0, 50)
                            .mapToObj(at ->
                                    CompletableFuture.supplyAsync(
                                            () -> ask(topic, "" + at, bench().pace().patience()),
                                            threads))
                            .toList();
            for (int at = 0; at < 50; at++) {
                assertThat(bench().get(replies.get(at))).isEqualTo("" + at * at);
            }
        }
    }

    /** Silence ends. */
    @Check(proves = Clause.REQUEST_REPLY, flaw = "waits for ever for a reply that does not come")
    default void requestWithoutReplyTimesOut() {
        String topic = bench().topic("silence");
        if (refusesRequests(topic)) {
            return;
        }
        assertThatThrownBy(() -> ask(topic, "anybody?", Duration.ofMillis(100)))
                .isInstanceOf(RequestTimeoutException.class)
                .hasMessageContaining(topic);
    }

    private String ask(String topic, String text, Duration timeout) {
        return bench().lapwing().request(Message.to(topic).text(text).build(), timeout).text();
    }

    private boolean refusesRequests(String topic) {
        bench().lapwing();
        return !bench().offers(
                        Capability.REQUEST_REPLY, () -> ask(topic, "x", Duration.ofMillis(100)));
    }
}
