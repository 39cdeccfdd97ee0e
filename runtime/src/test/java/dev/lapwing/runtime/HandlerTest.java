// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Capability;
import dev.lapwing.Delivery;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Retry;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What handlers may do, and what becomes of their messages. */
class HandlerTest {
    private final Harness harness = new Harness(ReferenceSettings.perMessage());

    @AfterEach
    void close() {
        harness.close();
    }

    private void publish(int count) {
        harness.lapwing.publishAll(
                IntStream.range(0, count)
                        .mapToObj(n -> Message.to("orders").text("" + n).build())
                        .toList());
    }

    private static Throwable thrown(int which) {
        return switch (which) {
            case 0 -> new IllegalStateException("exception");
            case 1 -> new StackOverflowError();
            case 2 -> new OutOfMemoryError("pretended");
            case 3 -> new InterruptedException("interrupted");
            case 4 -> new AssertionError("error");
            default -> new LinkageError();
        };
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable e) throws T {
        throw (T) e;
    }

    @Test
    void handlerCannotKillItsWorker() {
        var flags = new CopyOnWriteArrayList<Boolean>();
        var count = new AtomicInteger();
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .retry(Retry.never())
                        .handle(order -> {
                            flags.add(Thread.currentThread().isInterrupted());
                            Thread.currentThread().interrupt();
                            sneak(thrown(count.getAndIncrement() % 6));
                        });
        publish(60);
        await().until(() -> subscription.statistics().deadLettered() == 60);
        assertThat(flags).containsOnly(false).hasSize(60);
        var reasons =
                harness.lapwing.deadLetters("orders", "g").list(6).stream()
                        .map(letter -> letter.reason())
                        .toList();
        assertThat(reasons)
                .contains("java.lang.StackOverflowError", "java.lang.AssertionError: error");
    }

    @Test
    void endlessRecursionIsAFailureLikeAnyOther() {
        var attempts = new AtomicInteger();
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .retry(Retry.fixed(Duration.ZERO).upTo(2))
                        .handle(order -> {
                            attempts.incrementAndGet();
                            recurse(order);
                        });
        publish(3);
        await().until(() -> subscription.statistics().deadLettered() == 3);
        assertThat(attempts).hasValue(6);
    }

    private static int recurse(Delivery order) {
        return order.isOpen() || !order.isOpen() ? recurse(order) + 1 : 0;
    }

    @Test
    void handlerThatDecidesEarlyIsTakenAtItsFirstWord() {
        var results = new CopyOnWriteArrayList<Boolean>();
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .handle(order -> {
                            results.add(order.reject("bad"));
                            results.add(order.accept());
                            results.add(order.isOpen());
                            throw new IllegalStateException("too late");
                        });
        publish(1);
        await().until(() -> subscription.statistics().deadLettered() == 1);
        assertThat(results).containsExactly(true, false, false);
        assertThat(subscription.statistics().accepted()).isZero();
        assertThat(subscription.statistics().retried()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void laterDoesNotCountAsAnAttempt(boolean native_) {
        try (var own =
                new Harness(
                        native_
                                ? ReferenceSettings.perMessage()
                                : ReferenceSettings.perMessage()
                                        .without(Capability.GIVE_BACK_LATER))) {
            var attempts = new CopyOnWriteArrayList<Integer>();
            var subscription =
                    own.lapwing
                            .subscribe("orders")
                            .group("g")
                            .retry(Retry.never())
                            .decide(order -> {
                                attempts.add(order.attempt());
                                return attempts.size() < 6
                                        ? Outcome.retryAfter(Duration.ofMinutes(5))
                                        : Outcome.accept();
                            });
            own.lapwing.publish("orders", "x");
            for (int round = 1; round < 6; round++) {
                int size = round;
                await().until(() ->
                        attempts.size() == size && subscription.statistics().retried() == size);
                if (!native_) {
                    assertThat(subscription.statistics().inFlight()).isEqualTo(1);
                }
                own.advanceUntil(Duration.ofSeconds(5), () -> attempts.size() > size);
            }
            await().until(() -> subscription.statistics().accepted() == 1);
            assertThat(attempts).containsExactly(1, 1, 1, 1, 1, 1);
            assertThat(own.time.now()).isAfterOrEqualTo("2026-01-01T00:25:00Z");
        }
    }

    @Test
    void batchTakesWhatHasQueuedUpAndSettlesEach() {
        var batches = new CopyOnWriteArrayList<List<String>>();
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .handleBatch(
                                50,
                                Duration.ZERO,
                                batch -> {
                                    begun.countDown();
                                    go.await();
                                    batches.add(batch.stream().map(Delivery::text).toList());
                                    for (var order : batch) {
                                        if (order.text().equals("7") && order.attempt() == 1) {
                                            order.retry("item 7");
                                        } else if (order.text().equals("8")) {
                                            order.reject("item 8");
                                        }
                                    }
                                });
        publish(1);
        await().until(() -> begun.getCount() == 0);
        publish(120);
        await().until(() -> subscription.statistics().inFlight() == 121);
        go.countDown();
        await().until(() -> subscription.statistics().deadLettered() == 1);
        harness.advanceUntil(
                Duration.ofMillis(50), () -> subscription.statistics().accepted() == 120);
        assertThat(batches.get(0)).hasSize(1);
        assertThat(batches.get(1)).hasSize(50);
        var all = new ArrayList<String>();
        batches.forEach(all::addAll);
        assertThat(all).hasSize(122);
        assertThat(all.stream().filter("7"::equals).count()).isEqualTo(2);
    }

    @Test
    void batchThatThrowsIsTriedAgainButForWhatItSettled() {
        var seen = new CopyOnWriteArrayList<String>();
        harness.lapwing
                .subscribe("orders")
                .group("g")
                .handleBatch(
                        10,
                        Duration.ofMillis(20),
                        batch -> {
                            batch.forEach(order -> seen.add(order.text()));
                            if (batch.getFirst().attempt() == 1) {
                                batch.getFirst().accept();
                                throw new IllegalStateException("half way");
                            }
                        });
        publish(1);
        await().until(() -> seen.size() == 1);
        harness.lapwing.publishAll(
                List.of(
                        Message.to("orders").key("a").text("a").build(),
                        Message.to("orders").key("a").text("b").build(),
                        Message.to("orders").key("a").text("c").build()));
        harness.advanceUntil(
                Duration.ofMillis(30),
                () ->
                        seen.contains("c")
                                && harness.lapwing
                                                .administration()
                                                .groups("orders")
                                                .getFirst()
                                                .lag()
                                        == 0);
        assertThat(seen.stream().filter("a"::equals)).hasSize(1);
    }

    @Test
    void pausedSubscriptionHandlesNothingUntilItGoesOn() {
        var seen = new CopyOnWriteArrayList<String>();
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .handle(order -> {
                            begun.countDown();
                            go.await();
                            seen.add(order.text());
                        });
        publish(20);
        await().until(() -> begun.getCount() == 0);
        subscription.pause();
        go.countDown();
        await().until(() -> subscription.statistics().accepted() == 1);
        publish(700);
        assertThat(seen).containsExactly("0");
        subscription.resume();
        await().until(() -> seen.size() == 720);
        assertThat(seen.stream().limit(20).map(Integer::parseInt)).isSorted().hasSize(20);
    }

    @Test
    void slowHandlerHoldsUpNobodyWithoutItsKey() {
        var go = new CountDownLatch(1);
        var seen = new CopyOnWriteArrayList<String>();
        harness.lapwing
                .subscribe("orders")
                .group("g")
                .concurrency(4)
                .handle(order -> {
                    if (order.text().equals("0")) {
                        go.await();
                    }
                    seen.add(order.text());
                });
        harness.lapwing.publishAll(
                IntStream.range(0, 100)
                        .mapToObj(n ->
                                Message.to("orders")
                                        .key(n % 2 == 0 ? "even" : "k" + n % 5)
                                        .text("" + n)
                                        .build())
                        .toList());
        await().until(() -> seen.size() == 50);
        assertThat(seen).allMatch(text -> Integer.parseInt(text) % 2 == 1);
        go.countDown();
        await().until(() -> seen.size() == 100);
        assertThat(seen.stream().map(Integer::parseInt).filter(n -> n % 2 == 0).toList())
                .isSorted();
    }

    @Test
    void keyThatWaitsDoesNotUseUpThePrefetch() {
        var seen = new CopyOnWriteArrayList<String>();
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .prefetch(10)
                        .decide(order -> {
                            if (order.message().key().isPresent() && seen.size() < 20) {
                                return Outcome.retryAfter(Duration.ofMinutes(1));
                            }
                            seen.add(order.text());
                            return Outcome.accept();
                        });
        for (int n = 0; n < 9; n++) {
            harness.lapwing.publish(Message.to("orders").key("slow").text("slow " + n).build());
        }
        publish(20);
        await().until(() -> seen.size() == 20);
        assertThat(subscription.statistics().inFlight()).isEqualTo(9);
        harness.advanceUntil(Duration.ofSeconds(5), () -> seen.size() == 29);
        assertThat(seen.subList(20, 29)).isSorted();
    }
}
