// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.ConnectOptions;
import dev.lapwing.Delivery;
import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.StartAt;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Deliveries that the broker takes back, gaps, and subscriptions that the broker ends. */
class LossTest {
    private final Harness harness = new Harness(ReferenceSettings.perMessage());

    @AfterEach
    void close() {
        harness.close();
    }

    private void publish(int count) {
        harness.lapwing.publishAll(
                IntStream.range(0, count)
                        .mapToObj(n -> Message.to("orders").key("k" + n % 3).text("" + n).build())
                        .toList());
    }

    @Test
    void lostDeliveryInterruptsItsHandlerAndComesAgain() {
        var interrupted = new AtomicBoolean();
        var first = new AtomicBoolean(true);
        var seen = new CopyOnWriteArrayList<String>();
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .handle(order -> {
                            if (first.getAndSet(false)) {
                                try {
                                    new CountDownLatch(1).await();
                                } catch (InterruptedException e) {
                                    interrupted.set(true);
                                    throw e;
                                }
                            }
                            seen.add(order.text());
                        });
        publish(5);
        await().until(() -> !first.get());
        harness.broker.loseDeliveries("orders", "g", "another consumer claimed them");
        await().until(() -> seen.size() == 5);
        assertThat(interrupted).isTrue();
        assertThat(seen).containsExactly("0", "1", "2", "3", "4");
        assertThat(subscription.statistics().lost()).isEqualTo(5);
        await().until(() -> subscription.statistics().accepted() == 5);
        assertThat(subscription.statistics().retried()).isZero();
        await().until(() -> subscription.statistics().inFlight() == 0);
    }

    @Test
    void interruptOfALostDeliveryDoesNotReachTheNext() {
        var flags = new CopyOnWriteArrayList<Boolean>();
        var begun = new CountDownLatch(1);
        harness.lapwing
                .subscribe("orders")
                .group("g")
                .handle(order -> {
                    if (begun.getCount() == 1) {
                        begun.countDown();
                        while (order.isOpen()) {
                            Thread.onSpinWait();
                        }
                    } else {
                        flags.add(Thread.currentThread().isInterrupted());
                    }
                });
        publish(20);
        await().until(() -> begun.getCount() == 0);
        harness.broker.loseDeliveries("orders", "g", "rebalanced");
        await().until(() -> flags.size() == 20);
        assertThat(flags).containsOnly(false);
    }

    @Test
    void lateSettlementIsStaleAndNoError() {
        publish(2);
        try (var stream =
                harness.lapwing.subscribe("orders").group("g").from(StartAt.earliest()).open()) {
            Delivery lost = stream.next(Duration.ofSeconds(5)).orElseThrow();
            harness.broker.loseDeliveries("orders", "g", "revoked");
            assertThat(lost.isOpen()).isFalse();
            assertThat(lost.accept()).isFalse();
            assertThat(stream.subscription().statistics().stale()).isEqualTo(1);
            Delivery again = stream.next(Duration.ofSeconds(5)).orElseThrow();
            assertThat(again.text()).isEqualTo("0");
            assertThat(again.accept()).isTrue();
            assertThat(again.accept()).isFalse();
            assertThat(stream.next(Duration.ofSeconds(5)).orElseThrow().text()).isEqualTo("1");
        }
    }

    @Test
    void leaseIsRenewedWhileAHandlerRunsAndOthersWait() {
        var go = new CountDownLatch(1);
        var seen = new CopyOnWriteArrayList<Integer>();
        var subscription =
                harness.lapwing
                        .subscribe("orders")
                        .group("g")
                        .lease(Duration.ofSeconds(9))
                        .handle(order -> {
                            go.await();
                            seen.add(order.attempt());
                        });
        publish(10);
        await().until(() -> subscription.statistics().inFlight() == 10);
        harness.advance(Duration.ofSeconds(1), 60);
        go.countDown();
        await().until(() -> subscription.statistics().accepted() == 10);
        assertThat(seen).containsOnly(1).hasSize(10);
        assertThat(subscription.statistics().lost()).isZero();
    }

    @Test
    void brokenLinkLosesNothing() {
        var go = new CountDownLatch(1);
        var seen = new CopyOnWriteArrayList<String>();
        harness.lapwing
                .subscribe("orders")
                .group("g")
                .concurrency(3)
                .handle(order -> {
                    go.await();
                    seen.add(order.text());
                });
        publish(30);
        harness.broker.breakLinks("cable");
        harness.broker.restoreLinks();
        go.countDown();
        await().until(() -> seen.stream().distinct().count() == 30);
    }

    @Test
    void settlementThatIsNeverConfirmedHoldsUpNoOther() {
        var patience = ConnectOptions.defaults().withPublishTimeout(Duration.ofMillis(50));
        try (var other = harness.connect(patience);
                var warnings = new Warnings(Settler.class)) {
            var go = new CountDownLatch(1);
            var subscription =
                    other.subscribe("orders").group("g").concurrency(2).handle(order -> go.await());
            publish(2);
            await().until(() -> subscription.statistics().inFlight() == 2);
            harness.broker.freeze();
            go.countDown();
            await().until(() -> warnings.text().contains("PT0.05S, the publish time-out"));
            harness.broker.thaw();
            publish(10);
            await().until(() -> subscription.statistics().accepted() >= 10);
            await().until(() ->
                    harness.lapwing.administration().groups("orders").getFirst().lag() == 0);
        }
    }

    @Test
    void gapIsToldToItsListener() {
        var gaps = new CopyOnWriteArrayList<Gap>();
        harness.lapwing.subscribe("orders").onGap(gaps::add).handle(order -> {});
        harness.lapwing.subscribe("orders").handle(order -> {});
        var gap = new Gap("orders", Optional.empty(), 3, "bit rot");
        harness.broker.announceGap(gap);
        await().until(() -> gaps.equals(List.of(gap)));
    }

    @Test
    void subscriptionThatTheBrokerEndsTellsWhy() {
        var subscription = harness.lapwing.subscribe("orders").group("g").handle(order -> {});
        var stream = harness.lapwing.subscribe("orders").group("h").open();
        var thrown = new AtomicReference<Throwable>();
        var reader =
                Thread.startVirtualThread(() -> {
                    try {
                        stream.next(Duration.ofSeconds(60));
                    } catch (LapwingException e) {
                        thrown.set(e);
                    }
                });
        harness.broker.failReceivers("orders", new LapwingException("the log failed"));
        assertThat(subscription.ended().toCompletableFuture())
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .withMessageContaining("the log failed");
        await().until(() -> !reader.isAlive());
        assertThat(thrown.get()).hasMessage("the log failed");
        subscription.close();
        stream.close();
        assertThatThrownBy(() -> stream.next(Duration.ofMillis(1))).hasMessage("the log failed");
    }

    @Test
    void redeliveryAfterALeaseRanOutIsCounted() {
        var attempts = new CopyOnWriteArrayList<Integer>();
        var held = new CopyOnWriteArrayList<Delivery>();
        var other = harness.connect(ConnectOptions.defaults());
        var subscription = other.subscribe("orders").group("g").lease(Duration.ofSeconds(5)).open();
        publish(1);
        held.add(subscription.next(Duration.ofSeconds(5)).orElseThrow());
        harness.lapwing
                .subscribe("orders")
                .group("g")
                .decide(order -> {
                    attempts.add(order.attempt());
                    return Outcome.accept();
                });
        subscription.close();
        await().until(() -> attempts.size() == 1);
        assertThat(attempts).containsExactly(1);
        other.close();
    }
}
