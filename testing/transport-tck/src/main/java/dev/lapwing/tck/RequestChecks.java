// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.NoReplierException;
import dev.lapwing.PublishRefusedException;
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
        String topic = bench().topic("square");
        if (refusesRequests(topic)) {
            return;
        }
        bench().lapwing()
                .subscribe(topic)
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

    /** Two who ask with the same correlation id, and a third who has never asked. */
    @Check(
            proves = Clause.REQUEST_REPLY,
            flaw = "sends a reply to another connection than the one that asked")
    default void replyGoesToTheConnectionThatAsked() {
        String topic = bench().topic("echo");
        if (refusesRequests(topic)) {
            return;
        }
        bench().connect().subscribe(topic).concurrency(4).reply(request -> "re " + request.text());
        List<Lapwing> askers = List.of(bench().connect(), bench().connect());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int turn = 0; turn < 10; turn++) {
                Message same = Message.to(topic).correlationId("same" + turn).build();
                List<CompletableFuture<String>> replies =
                        IntStream.range(0, 2)
                                .mapToObj(at ->
                                        CompletableFuture.supplyAsync(
                                                () -> ask(askers.get(at), same, "" + at), threads))
                                .toList();
                assertThat(bench().get(replies.get(0))).isEqualTo("re 0");
                assertThat(bench().get(replies.get(1))).isEqualTo("re 1");
            }
        }
    }

    private String ask(Lapwing asker, Message request, String text) {
        return asker.request(
                        request.copyTo(request.topic()).text(text).build(),
                        bench().pace().patience())
                .text();
    }

    /** Silence ends. */
    @Check(proves = Clause.REQUEST_REPLY, flaw = "waits for ever for a reply that does not come")
    default void requestWithoutReplyTimesOut() {
        String topic = bench().topic("silence");
        if (refusesRequests(topic)) {
            return;
        }
        bench().lapwing().subscribe(topic).handle(new Inbox());
        assertThatThrownBy(() -> ask(topic, "anybody?", Duration.ofMillis(100)))
                .isInstanceOf(RequestTimeoutException.class)
                .hasMessageContaining(topic);
    }

    /**
     * Where nothing is kept for those to come, and the broker carries replies, it knows that nobody
     * listens. Where a request is kept, somebody may still answer.
     */
    @Check(
            proves = Clause.REQUEST_REPLY,
            flaw = "lets a request that nobody will hear wait for its time-out")
    default void requestToNobodyEndsAtOnce() {
        String topic = bench().topic("nobody");
        if (refusesRequests(topic)) {
            return;
        }
        Capabilities table = bench().capabilities();
        if (table.isNative(Capability.REQUEST_REPLY) && !table.has(Capability.REPLAY)) {
            assertThatThrownBy(() -> ask(topic, "anybody?", bench().pace().patience()))
                    .isInstanceOf(NoReplierException.class)
                    .hasMessageContaining(topic);
        } else {
            assertThatThrownBy(() -> ask(topic, "anybody?", Duration.ofMillis(100)))
                    .isInstanceOfAny(
                            RequestTimeoutException.class,
                            NoReplierException.class,
                            PublishRefusedException.class)
                    .hasMessageContaining(topic);
        }
    }

    private String ask(String topic, String text, Duration timeout) {
        return bench().lapwing().request(Message.to(topic).text(text).build(), timeout).text();
    }

    private boolean refusesRequests(String topic) {
        return !bench().offers(
                        Capability.REQUEST_REPLY, () -> ask(topic, "x", Duration.ofMillis(100)));
    }
}
