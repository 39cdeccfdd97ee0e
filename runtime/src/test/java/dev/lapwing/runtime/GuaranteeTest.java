// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Capability;
import dev.lapwing.Guarantee;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Position;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.SubscriptionBuilder;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What is promised: at most once, at least once over floors, and what is refused at the call. */
class GuaranteeTest {

    private static void publish(Harness harness, int count) {
        harness.lapwing.publishAll(
                IntStream.range(0, count)
                        .mapToObj(n -> Message.to("orders").key("k" + n % 7).text("" + n).build())
                        .toList());
    }

    @Test
    void atMostOnceIsSettledBeforeItIsHandledAndNeverComesTwice() {
        try (var harness = new Harness(ReferenceSettings.perMessage())) {
            var lag = new CopyOnWriteArrayList<Long>();
            var attempts = new CopyOnWriteArrayList<Integer>();
            var subscription =
                    harness.lapwing
                            .subscribe("orders")
                            .group("g")
                            .guarantee(Guarantee.AT_MOST_ONCE)
                            .handle(order -> {
                                lag.add(
                                        harness.lapwing
                                                .administration()
                                                .groups("orders")
                                                .getFirst()
                                                .lag());
                                attempts.add(order.attempt());
                                throw new IllegalStateException("broken");
                            });
            publish(harness, 1);
            await().until(() -> subscription.statistics().inFlight() == 0);
            harness.advance(Duration.ofSeconds(1), 60);
            assertThat(lag).containsExactly(0L);
            assertThat(attempts).containsExactly(1);
            assertThat(subscription.statistics().deadLettered()).isZero();
        }
    }

    @Test
    void atMostOnceKeepsWhatItRejects() {
        try (var harness = new Harness(ReferenceSettings.perMessage())) {
            var subscription =
                    harness.lapwing
                            .subscribe("orders")
                            .group("g")
                            .guarantee(Guarantee.AT_MOST_ONCE)
                            .decide(order -> Outcome.reject("no"));
            publish(harness, 3);
            await().until(() -> subscription.statistics().deadLettered() == 3);
            assertThat(harness.lapwing.deadLetters("orders", "g").count()).isEqualTo(3);
        }
    }

    @Test
    void floorNeverPassesAMessageThatFailed() {
        try (var harness = new Harness(ReferenceSettings.floors(2))) {
            var broken = new AtomicBoolean(true);
            Map<String, Integer> handled = new ConcurrentHashMap<>();
            var subscription =
                    harness.lapwing
                            .subscribe("orders")
                            .group("g")
                            .concurrency(8)
                            .retry(Retry.fixed(Duration.ofSeconds(1)).forever())
                            .handle(order -> {
                                if (order.text().equals("10") && broken.get()) {
                                    throw new IllegalStateException("not yet");
                                }
                                handled.merge(order.text(), 1, Integer::sum);
                            });
            publish(harness, 200);
            await().until(() -> handled.size() >= 199 - 200 / 7 && !handled.containsKey("10"));
            assertThat(subscription.drain(Duration.ofSeconds(10))).isTrue();
            var again = new CopyOnWriteArrayList<String>();
            broken.set(false);
            harness.lapwing.subscribe("orders").group("g").handle(o -> again.add(o.text()));
            await().until(() -> again.contains("10"));
            await().until(() ->
                    harness.lapwing.administration().groups("orders").getFirst().lag() == 0);
            again.forEach(text -> handled.merge(text, 1, Integer::sum));
            assertThat(handled).hasSize(200);
        }
    }

    @Test
    void floorMovesWhenTheFailedMessageIsADeadLetter() {
        try (var harness = new Harness(ReferenceSettings.floors(1))) {
            var subscription =
                    harness.lapwing
                            .subscribe("orders")
                            .group("g")
                            .retry(Retry.never())
                            .handle(order -> {
                                if (Integer.parseInt(order.text()) % 10 == 0) {
                                    throw new IllegalStateException("bad");
                                }
                            });
            publish(harness, 100);
            await().until(() -> subscription.statistics().deadLettered() == 10);
            await().until(() ->
                    harness.lapwing.administration().groups("orders").getFirst().lag() == 0);
            assertThat(subscription.statistics().accepted()).isEqualTo(90);
        }
    }

    @Test
    void openHoleStopsTheFlowInsteadOfFillingTheMemory() {
        try (var harness = new Harness(ReferenceSettings.floors(1))) {
            var handled = new AtomicInteger();
            var go = new CountDownLatch(1);
            harness.lapwing
                    .subscribe("orders")
                    .group("g")
                    .concurrency(2)
                    .handle(order -> {
                        if (order.text().equals("0")) {
                            go.await();
                        }
                        handled.incrementAndGet();
                    });
            for (int round = 0; round < 3; round++) {
                harness.lapwing.publishAll(
                        IntStream.range(0, 5000)
                                .mapToObj(n -> Message.to("orders").text("" + n).build())
                                .map(m ->
                                        m.text().equals("0") && handled.get() > 0
                                                ? Message.to("orders").text("x").build()
                                                : m)
                                .toList());
                int least = Math.min(5000 * (round + 1) - 1, 10_000);
                await().until(() -> handled.get() >= least);
            }
            assertThat(handled.get()).isLessThan(11_100);
            go.countDown();
            await().until(() -> handled.get() == 15_000);
        }
    }

    @Test
    void askedForWhatTheTransportCannotDoIsRefusedAtTheCall() {
        try (var harness =
                new Harness(
                        ReferenceSettings.perMessage()
                                .without(
                                        Capability.GROUPS,
                                        Capability.PATTERNS,
                                        Capability.REPLAY,
                                        Capability.REPLAY_FROM_POSITION,
                                        Capability.REPLAY_FROM_TIME))) {
            var start = StartAt.time(Instant.EPOCH);
            refused(Capability.GROUPS, harness.lapwing.subscribe("a").group("g"));
            refused(Capability.PATTERNS, harness.lapwing.subscribe("a.*"));
            refused(Capability.REPLAY, harness.lapwing.subscribe("a").from(StartAt.earliest()));
            refused(
                    Capability.REPLAY_FROM_POSITION,
                    harness.lapwing.subscribe("a").from(StartAt.after(new Position("1"))));
            refused(Capability.REPLAY_FROM_TIME, harness.lapwing.subscribe("a").from(start));
        }
        try (var harness = new Harness(ReferenceSettings.unsettled())) {
            refused(Capability.GROUPS, harness.lapwing.subscribe("a").group("g"));
        }
    }

    private static void refused(Capability capability, SubscriptionBuilder builder) {
        for (Consumer<SubscriptionBuilder> start :
                java.util.List.<Consumer<SubscriptionBuilder>>of(
                        b -> b.handle(d -> {}),
                        SubscriptionBuilder::open,
                        SubscriptionBuilder::publisher)) {
            assertThatThrownBy(() -> start.accept(builder))
                    .isInstanceOfSatisfying(
                            UnsupportedCapabilityException.class,
                            e -> assertThat(e.capability()).isEqualTo(capability));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "_x", "a b", "a*", "a>", "a~b", "a\u0007"})
    void badGroupNameIsRefused(String name) {
        try (var harness = new Harness(ReferenceSettings.perMessage())) {
            assertThatThrownBy(() -> harness.lapwing.subscribe("a").group(name))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to 100 bytes");
            assertThatThrownBy(() -> harness.lapwing.subscribe("a").group("订".repeat(34)))
                    .hasMessageContaining("1 to 100 bytes");
        }
    }

    @Test
    void valueOutOfItsRangeIsRefusedWithTheRange() {
        try (var harness = new Harness(ReferenceSettings.perMessage())) {
            var builder = harness.lapwing.subscribe("a");
            assertThatThrownBy(() -> builder.concurrency(0)).hasMessageContaining("1 to 10000");
            assertThatThrownBy(() -> builder.prefetch(0)).hasMessageContaining("1 to 1000000");
            assertThatThrownBy(() -> builder.lease(Duration.ofMillis(99)))
                    .hasMessageContaining("PT0.1S");
            assertThatThrownBy(() -> builder.handleBatch(513, Duration.ZERO, b -> {}))
                    .hasMessageContaining("prefetch, 512");
            assertThatThrownBy(() ->
                            harness.lapwing
                                    .subscribe("a")
                                    .prefetch(3)
                                    .concurrency(4)
                                    .handle(d -> {}))
                    .hasMessageContaining("at least the concurrency");
            assertThatThrownBy(() -> builder.handle(null)).hasMessage("handler");
            assertThatThrownBy(() -> builder.from(null)).hasMessage("start");
            assertThatThrownBy(() -> harness.lapwing.subscribe(null))
                    .isInstanceOf(NullPointerException.class);
            assertThatThrownBy(() ->
                            harness.lapwing
                                    .subscribe("a")
                                    .handle(d -> {})
                                    .drain(Duration.ofMillis(-1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(
                            () -> harness.lapwing.request(Message.to("a").build(), Duration.ZERO))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
