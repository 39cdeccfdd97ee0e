// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.ConnectOptions;
import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Many keys, handlers that fail, deliveries that are taken back, members that come and go: every
 * message is handled or a dead letter, none comes twice but for a loss, and keys keep their order.
 * {@code -Dlapwing.seed} replays a run, {@code -Dlapwing.rounds} makes it longer.
 */
class RandomScheduleTest {
    private static final int ROUNDS = Integer.getInteger("lapwing.rounds", 12);
    private static final Duration STEP = Duration.ofMillis(200);

    static Stream<ReferenceSettings> brokers() {
        return Stream.of(
                ReferenceSettings.perMessage(),
                ReferenceSettings.perMessage().without(Capability.GIVE_BACK_LATER),
                ReferenceSettings.perMessage()
                        .without(
                                Capability.GIVE_BACK,
                                Capability.GIVE_BACK_LATER,
                                Capability.COUNTS_ATTEMPTS,
                                Capability.DEDUPLICATION),
                ReferenceSettings.floors(3));
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void everyMessageIsAccountedFor(ReferenceSettings settings) {
        long first = Long.getLong("lapwing.seed", System.nanoTime());
        for (int round = 0; round < ROUNDS; round++) {
            long seed = first + round;
            try (var harness = new Harness(settings)) {
                new Run(harness, settings, seed).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed %d over %s: replay with -Dlapwing.seed=%d -Dlapwing.rounds=1"
                                .formatted(seed, settings, seed),
                        e);
            }
        }
    }

    /** One schedule. */
    private static final class Run {
        private final Harness harness;
        private final boolean floors;
        private final Random random;
        private final List<Lapwing> connections = new ArrayList<>();
        private final List<Subscription> members = new ArrayList<>();
        private final Map<String, AtomicInteger> accepted = new ConcurrentHashMap<>();
        private final Map<String, Integer> highest = new ConcurrentHashMap<>();
        private final List<String> disorder = new CopyOnWriteArrayList<>();
        private int published;
        private volatile int disturbances;

        /** Whether a key keeps its order: a batch is handled as a whole, whatever fails in it. */
        private volatile boolean inOrder = true;

        Run(Harness harness, ReferenceSettings settings, long seed) {
            this.harness = harness;
            floors = settings.settleUnit() == dev.lapwing.spi.SettleUnit.FLOOR;
            random = new Random(seed);
        }

        void run() {
            join();
            for (int step = 0; step < 25; step++) {
                switch (random.nextInt(10)) {
                    case 0 -> join();
                    case 1 -> leave();
                    case 2 -> lose();
                    case 3, 4, 5 -> harness.time.advance(STEP);
                    default -> publish(random.nextInt(30));
                }
            }
            if (members.isEmpty()) {
                join();
            }
            harness.advanceUntil(STEP, this::isSettled);
            check();
            connections.forEach(Lapwing::close);
        }

        private void publish(int count) {
            for (int at = 0; at < count; at++) {
                int number = published++;
                var message = Message.to("orders").id("m" + number).text("" + number);
                if (random.nextInt(4) > 0) {
                    message.key("key" + random.nextInt(6));
                }
                harness.lapwing.publish(message.build());
            }
        }

        private void join() {
            var connection = harness.connect(ConnectOptions.defaults());
            connections.add(connection);
            disturbances += members.isEmpty() ? 0 : 1;
            boolean batches = random.nextInt(4) == 0;
            inOrder &= !batches;
            var builder =
                    connection
                            .subscribe("orders")
                            .group("g")
                            .from(StartAt.earliest())
                            .concurrency(1 + random.nextInt(2) * 7)
                            .prefetch(8 + random.nextInt(60))
                            .lease(Duration.ofSeconds(30))
                            .retry(Retry.fixed(Duration.ofMillis(500)).upTo(4));
            members.add(
                    batches
                            ? builder.handleBatch(
                                    5,
                                    Duration.ZERO,
                                    batch -> batch.forEach(order -> order.settle(decide(order))))
                            : builder.decide(this::decide));
        }

        private void leave() {
            if (members.size() > 1) {
                Subscription member = members.remove(random.nextInt(members.size()));
                if (random.nextBoolean()) {
                    member.drain(Duration.ofSeconds(20));
                } else {
                    member.close();
                }
                disturbances += 1;
            }
        }

        private void lose() {
            disturbances += 1;
            harness.broker.loseDeliveries("orders", "g", "taken back");
        }

        /** One in five messages fails at first, one in twenty always, one in forty is rejected. */
        private Outcome decide(Delivery order) {
            int number = Integer.parseInt(order.text());
            note(order.message().key(), number);
            if (number % 40 == 7) {
                return Outcome.reject("never");
            }
            if (number % 20 == 3 || (number % 5 == 1 && order.attempt() < 3)) {
                return Outcome.retry("fails");
            }
            if (number % 11 == 5
                    && order.attempt() == 1
                    && !accepted.containsKey("later" + number)) {
                accepted.put("later" + number, new AtomicInteger());
                return Outcome.retryAfter(Duration.ofSeconds(1));
            }
            accepted.computeIfAbsent(order.text(), any -> new AtomicInteger()).incrementAndGet();
            return Outcome.accept();
        }

        /**
         * With one member and no loss, the messages of a key never step back but to be tried again.
         */
        private void note(Optional<String> key, int number) {
            key.ifPresent(name -> {
                int before = highest.merge(name, number, Math::max);
                if (before > number && disturbances == 0 && inOrder) {
                    disorder.add(name + ": " + number + " after " + before);
                }
            });
        }

        private boolean isSettled() {
            return harness.lapwing.administration().groups("orders").stream()
                    .allMatch(group -> group.lag() == 0);
        }

        private void check() {
            assertThat(disorder).isEmpty();
            var letters = new ArrayList<String>();
            if (harness.lapwing.administration().topics().stream()
                    .anyMatch(topic -> topic.name().equals("_dead.g.orders"))) {
                harness.lapwing.deadLetters("orders", "g").list(10_000).stream()
                        .map(letter -> letter.message().text())
                        .forEach(letters::add);
            }
            for (int number = 0; number < published; number++) {
                String text = "" + number;
                boolean handled = accepted.containsKey(text);
                assertThat(handled || letters.contains(text)).as("message " + number).isTrue();
                if (number % 40 == 7 || number % 20 == 3) {
                    assertThat(handled).as("message " + number + " is never accepted").isFalse();
                }
                if (disturbances == 0 && handled && !floors) {
                    assertThat(accepted.get(text)).as("message " + number).hasValue(1);
                }
            }
            if (disturbances == 0) {
                assertThat(letters).doesNotHaveDuplicates();
            }
        }
    }
}
