// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Delivery;
import dev.lapwing.Lapwing;
import dev.lapwing.UnsupportedCapabilityException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Runs the programs of this module over every broker, and over none. */
class ProgramsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @ParameterizedTest
    @EnumSource
    void oneProgramRunsUnchangedEverywhere(Everywhere broker) throws Exception {
        var printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (var place = broker.open()) {
            OneProgram.main(new String[] {place.uri()});
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .containsExactlyInAnyOrder("order 1", "order 2", "order 3");
    }

    @ParameterizedTest
    @EnumSource
    void tasksAreSharedByWorkersOrTheRefusalSaysWhatToDo(Everywhere broker) throws Exception {
        try (var place = broker.open();
                var lapwing = Lapwing.connect(place.uri())) {
            Set<String> done = ConcurrentHashMap.newKeySet();
            if (!broker.hasGroups()) {
                Throwable refused =
                        catchThrowable(
                                () -> TaskQueue.work(lapwing, task -> done.add(task.text())));
                assertThat(refused)
                        .isInstanceOfSatisfying(
                                UnsupportedCapabilityException.class,
                                error -> assertThat(error.alternative()).isNotBlank());
                return;
            }
            try (var one = TaskQueue.work(lapwing, task -> done.add(task.text()));
                    var two = TaskQueue.work(lapwing, task -> done.add(task.text()))) {
                TaskQueue.send(lapwing, 10);
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(done)
                                        .containsExactlyInAnyOrderElementsOf(
                                                numbered("Task ", 10)));
                assertThat(one.statistics().deadLettered() + two.statistics().deadLettered())
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "EMBEDDED", "RABBITMQ", "KAFKA", "REDIS", "NATS", "NATS_CORE"})
    void requestsAreAnswered(Everywhere broker) throws Exception {
        try (var place = broker.open();
                var lapwing = Lapwing.connect(place.uri())) {
            try (var calculator =
                    broker.hasGroups()
                            ? RequestAndReply.answer(lapwing)
                            : RequestAndReply.answerAlone(lapwing)) {
                assertThat(RequestAndReply.ask(lapwing, 12)).isEqualTo("144");
                assertThat(RequestAndReply.ask(lapwing, -7)).isEqualTo("49");
                assertThat(calculator.statistics().deadLettered()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "EMBEDDED", "RABBITMQ", "KAFKA", "REDIS", "NATS"})
    void whatFailsIsTriedAgainAndThenRedriven(Everywhere broker) throws Exception {
        try (var place = broker.open();
                var lapwing = Lapwing.connect(place.uri())) {
            var attempts = new AtomicInteger();
            var charged = new CopyOnWriteArrayList<String>();
            try (var billing =
                    RetryThenDeadLetterThenRedrive.charge(
                            lapwing,
                            order -> {
                                if (attempts.incrementAndGet() <= 5) {
                                    throw new IllegalStateException("the bank is closed");
                                }
                                charged.add(order.text());
                            })) {
                PublishManyAndWaitForAll.run(lapwing, 1);
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(billing.statistics().deadLettered()).isEqualTo(1));
                assertThat(attempts).hasValue(5);
                assertThat(RetryThenDeadLetterThenRedrive.redrive(lapwing)).isEqualTo(1);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(charged).containsExactly("order 0"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "EMBEDDED", "RABBITMQ", "KAFKA", "REDIS", "NATS"})
    void topicIsAnOrdinaryStream(Everywhere broker) throws Exception {
        try (var place = broker.open();
                var lapwing = Lapwing.connect(place.uri())) {
            var taken = new Taker();
            FlowPublisher.run(lapwing).subscribe(taken);
            await().atMost(PATIENCE).until(() -> taken.subscribed);
            PublishManyAndWaitForAll.run(lapwing, 100);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(taken.texts)
                                    .containsExactlyInAnyOrderElementsOf(numbered("order ", 100)));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MEMORY", "EMBEDDED", "RABBITMQ", "NATS"})
    void anyTwoBrokersAreBridged(Everywhere broker) throws Exception {
        try (var place = broker.open();
                var from = Lapwing.connect(place.uri());
                var to = Lapwing.connect("memory:")) {
            var carried = new CopyOnWriteArrayList<String>();
            to.subscribe("orders.created").handle(order -> carried.add(order.text()));
            try (var bridge = Bridge.run(from, to)) {
                PublishManyAndWaitForAll.run(from, 20);
                await().atMost(PATIENCE)
                        .untilAsserted(() ->
                                assertThat(carried)
                                        .containsExactlyInAnyOrderElementsOf(
                                                numbered("order ", 20)));
                assertThat(bridge.statistics().deadLettered()).isZero();
            }
        }
    }

    private static List<String> numbered(String word, int count) {
        return IntStream.range(0, count).mapToObj(at -> word + at).toList();
    }

    /** Accepts whatever comes. */
    private static final class Taker implements Flow.Subscriber<Delivery> {
        private final List<String> texts = new CopyOnWriteArrayList<>();
        private volatile boolean subscribed;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
            subscribed = true;
        }

        @Override
        public void onNext(Delivery order) {
            texts.add(order.text());
            order.accept();
        }

        @Override
        public void onError(Throwable failure) {
            throw new AssertionError("the stream failed", failure);
        }

        @Override
        public void onComplete() {}
    }
}
