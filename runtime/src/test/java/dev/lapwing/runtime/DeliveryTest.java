// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class DeliveryTest {
    private final ReferenceBroker broker = ReferenceBroker.start(ReferenceSettings.perMessage());
    private final Lapwing lapwing = Lapwing.connect(broker.uri());

    @AfterEach
    void close() {
        lapwing.close();
        broker.close();
    }

    private void publish(int count) {
        lapwing.publishAll(
                IntStream.range(0, count)
                        .mapToObj(n -> Message.to("orders").text("order " + n).build())
                        .toList());
    }

    @Test
    void groupHandlesEveryMessageInOrder() {
        var seen = new CopyOnWriteArrayList<String>();
        var subscription =
                lapwing.subscribe("orders").group("g").handle(order -> seen.add(order.text()));
        publish(2000);
        await().until(() -> subscription.statistics().accepted() == 2000);
        assertThat(seen).hasSize(2000).startsWith("order 0", "order 1").endsWith("order 1999");
        await().until(() -> subscription.statistics().inFlight() == 0);
        assertThat(lapwing.administration().groups("orders").getFirst().lag()).isZero();
    }

    @Test
    void plainSubscriberReplaysFromTheEarliest() {
        publish(2000);
        var count = new AtomicInteger();
        lapwing.subscribe("orders").from(StartAt.earliest()).handle(o -> count.incrementAndGet());
        await().until(() -> count.get() == 2000);
    }

    @Test
    void failedMessageIsTriedAgainAndThenBecomesADeadLetter() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        var subscription =
                lapwing.subscribe("orders")
                        .group("g")
                        .retry(Retry.fixed(Duration.ofMillis(5)).upTo(3))
                        .handle(order -> {
                            attempts.add(order.attempt());
                            throw new IllegalStateException("broken");
                        });
        lapwing.publish("orders", "x");
        await().until(() -> subscription.statistics().deadLettered() == 1);
        assertThat(attempts).containsExactly(1, 2, 3);
        await().until(() -> lapwing.administration().groups("orders").getFirst().lag() == 0);
        assertThat(lapwing.administration().peek("_dead.g.orders", StartAt.earliest(), 10))
                .hasSize(1);
    }

    @Test
    void keyKeepsItsOrderWhileItsMessageWaitsForItsNextAttempt() {
        var seen = new CopyOnWriteArrayList<String>();
        var first = new AtomicInteger();
        lapwing.subscribe("orders")
                .group("g")
                .concurrency(4)
                .retry(Retry.fixed(Duration.ofMillis(20)))
                .handle(order -> {
                    if (order.text().equals("a0") && first.incrementAndGet() < 3) {
                        throw new IllegalStateException("not yet");
                    }
                    seen.add(order.text());
                });
        for (String text : List.of("a0", "a1", "b0", "a2", "b1")) {
            lapwing.publish(Message.to("orders").key(text.substring(0, 1)).text(text).build());
        }
        await().until(() -> seen.size() == 5);
        assertThat(seen).containsSubsequence("a0", "a1", "a2").containsSubsequence("b0", "b1");
        assertThat(seen.subList(0, 2)).containsExactly("b0", "b1");
    }

    @Test
    void drainGivesBackWhatWasNotBegun() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var subscription =
                lapwing.subscribe("orders")
                        .group("g")
                        .decide(order -> {
                            begun.countDown();
                            go.await();
                            return Outcome.accept();
                        });
        publish(10);
        begun.await();
        var drained = new CopyOnWriteArrayList<Boolean>();
        var drain =
                Thread.startVirtualThread(
                        () -> drained.add(subscription.drain(Duration.ofSeconds(20))));
        await().until(() ->
                drain.getState() == Thread.State.WAITING
                        || drain.getState() == Thread.State.TIMED_WAITING);
        go.countDown();
        drain.join();
        assertThat(drained).containsExactly(true);
        assertThat(subscription.statistics().accepted()).isEqualTo(1);
        var rest = new CopyOnWriteArrayList<Integer>();
        lapwing.subscribe("orders").group("g").handle(order -> rest.add(order.attempt()));
        await().until(() -> rest.size() == 9);
        assertThat(rest).containsOnly(1);
    }

    @Test
    void streamAcceptsTheOneBeforeAndGivesTheLastBack() {
        publish(3);
        try (var stream = lapwing.subscribe("orders").group("g").from(StartAt.earliest()).open()) {
            assertThat(stream.next(Duration.ofSeconds(5))).isPresent();
            assertThat(stream.next(Duration.ofSeconds(5)).orElseThrow().text())
                    .isEqualTo("order 1");
        }
        try (var stream = lapwing.subscribe("orders").group("g").open()) {
            assertThat(stream.iterator().next().text()).isEqualTo("order 1");
        }
    }

    @Test
    void requestGetsItsReply() {
        lapwing.subscribe("square")
                .group("calculator")
                .reply(request -> String.valueOf(Integer.parseInt(request.text()) * 2));
        var reply =
                lapwing.request(Message.to("square").text("21").build(), Duration.ofSeconds(10));
        assertThat(reply.text()).isEqualTo("42");
    }
}
