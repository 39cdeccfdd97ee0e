// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.ClosedException;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.RequestTimeoutException;
import dev.lapwing.reference.Fault;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class RequestTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final ReferenceBroker broker = ReferenceBroker.start(ReferenceSettings.perMessage());
    private final Lapwing asking = Lapwing.connect(broker.uri());
    private final Lapwing answering = Lapwing.connect(broker.uri());

    @AfterEach
    void close() {
        asking.close();
        answering.close();
        broker.close();
    }

    private static Message question(String text) {
        return Message.to("square").text(text).build();
    }

    @Test
    void manyRequestsAtOnceGetEachItsOwnReply() throws Exception {
        answering
                .subscribe("square")
                .group("calculator")
                .concurrency(8)
                .reply(request -> "re " + request.text());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> replies = new ArrayList<>();
            for (int n = 0; n < 300; n++) {
                String text = "" + n;
                replies.add(threads.submit(() -> asking.request(question(text), LONG).text()));
            }
            for (int n = 0; n < 300; n++) {
                assertThat(replies.get(n).get()).isEqualTo("re " + n);
            }
        }
        assertThat(asking.administration().topics())
                .filteredOn(topic -> topic.name().startsWith("_reply."))
                .hasSize(1);
        asking.close();
        assertThat(answering.administration().topics())
                .noneMatch(topic -> topic.name().startsWith("_reply."));
    }

    @Test
    void requestWithoutAReplyTimesOutAndTheLateReplyIsDropped() throws Exception {
        var go = new CountDownLatch(1);
        var answered = new CopyOnWriteArrayList<String>();
        answering
                .subscribe("square")
                .group("calculator")
                .reply(request -> {
                    go.await();
                    answered.add(request.text());
                    return "late";
                });
        assertThatThrownBy(() -> asking.request(question("1"), Duration.ofMillis(50)))
                .isInstanceOf(RequestTimeoutException.class)
                .hasMessageContaining("square")
                .hasMessageContaining("PT0.05S");
        go.countDown();
        await().until(() -> answered.size() == 1);
        assertThat(asking.request(question("2"), LONG).text()).isEqualTo("late");
    }

    @Test
    void requestThatIsRefusedSaysSoAtOnce() {
        broker.failNextSends(Fault.refused("disk full", true));
        assertThatThrownBy(() -> asking.request(question("1"), LONG))
                .isInstanceOf(PublishRefusedException.class)
                .hasMessageContaining("disk full");
        assertThatThrownBy(() -> asking.request(Message.to("a b").build(), LONG))
                .isInstanceOf(InvalidMessageException.class);
    }

    @Test
    void requestThatFailsIsTriedAgain() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        answering
                .subscribe("square")
                .group("calculator")
                .reply(request -> {
                    attempts.add(request.attempt());
                    if (attempts.size() == 1) {
                        throw new IllegalStateException("not yet");
                    }
                    return "done";
                });
        assertThat(asking.request(question("1"), LONG).text()).isEqualTo("done");
        assertThat(attempts).containsExactly(1, 2);
    }

    @Test
    void closeEndsARequestThatWaits() {
        var thrown = new CopyOnWriteArrayList<Throwable>();
        var thread =
                Thread.startVirtualThread(() -> {
                    try {
                        asking.request(question("1"), LONG);
                    } catch (ClosedException e) {
                        thrown.add(e);
                    }
                });
        await().until(() ->
                answering.administration().topics().stream()
                        .anyMatch(topic -> topic.name().equals("square")));
        asking.close();
        await().until(() -> !thread.isAlive());
        assertThat(thrown).hasSize(1);
        assertThatThrownBy(() -> asking.request(question("2"), LONG))
                .isInstanceOf(ClosedException.class);
    }

    @Test
    void messageThatAwaitsNoReplyIsOnlyHandled() {
        var seen = new CopyOnWriteArrayList<String>();
        var subscription =
                answering
                        .subscribe("square")
                        .group("calculator")
                        .reply(request -> {
                            seen.add(request.text());
                            return "nobody hears";
                        });
        asking.publish("square", "1");
        await().until(() -> subscription.statistics().accepted() == 1);
        assertThat(seen).containsExactly("1");
    }
}
