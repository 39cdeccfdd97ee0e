// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Capability;
import dev.lapwing.DeadLetter;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.reference.Fault;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

class DeadLettersTest {

    static Stream<ReferenceSettings> brokers() {
        return Stream.of(
                ReferenceSettings.perMessage(),
                ReferenceSettings.perMessage()
                        .without(Capability.DEDUPLICATION, Capability.COUNTS_ATTEMPTS),
                ReferenceSettings.perMessage()
                        .without(Capability.GIVE_BACK, Capability.GIVE_BACK_LATER));
    }

    private static Subscription reject(Lapwing lapwing, String group) {
        return lapwing.subscribe("orders.created")
                .group(group)
                .decide(order -> Outcome.reject("no such customer"));
    }

    private static void publish(Lapwing lapwing, int count) {
        lapwing.publishAll(
                IntStream.range(0, count)
                        .mapToObj(n ->
                                Message.to("orders.created")
                                        .id("id-" + n)
                                        .key("key")
                                        .header("colour", "red")
                                        .text("order " + n)
                                        .build())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void rejectedMessageIsKeptWithAllThatIsKnown(ReferenceSettings settings) {
        try (var broker = ReferenceBroker.start(settings);
                var lapwing = Lapwing.connect(broker.uri())) {
            var dead = lapwing.deadLetters("orders.created", "billing.eu");
            assertThat(dead.count()).isZero();
            assertThat(dead.list(10)).isEmpty();
            assertThat(dead.redrive()).isZero();
            assertThat(dead.purge()).isZero();
            var subscription = reject(lapwing, "billing.eu");
            publish(lapwing, 3);
            await().until(() -> subscription.statistics().deadLettered() == 3);
            assertThat(dead.count()).isEqualTo(3);
            assertThat(lapwing.administration().topics())
                    .extracting(info -> info.name())
                    .contains("_dead.billing~eu.orders.created");
            DeadLetter letter = dead.list(10).getFirst();
            assertThat(letter.topic()).isEqualTo("orders.created");
            assertThat(letter.group()).isEqualTo("billing.eu");
            assertThat(letter.reason()).isEqualTo("no such customer");
            assertThat(letter.attempts()).isEqualTo(1);
            assertThat(letter.position()).isPresent();
            assertThat(letter.message().id()).contains("id-0");
            assertThat(letter.message().key()).contains("key");
            assertThat(letter.message().headers()).hasToString("{colour=red}");
            assertThat(letter.message().text()).isEqualTo("order 0");
            assertThat(dead.list(2)).hasSize(2);
            assertThat(dead.purge()).isEqualTo(3);
            assertThat(dead.count()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void redriveSendsThemRoundAgainForTheirGroupAlone(ReferenceSettings settings) {
        try (var broker = ReferenceBroker.start(settings);
                var lapwing = Lapwing.connect(broker.uri())) {
            var broken = new AtomicBoolean(true);
            var handled = new CopyOnWriteArrayList<String>();
            var ids = new CopyOnWriteArrayList<String>();
            var billing =
                    lapwing.subscribe("orders.created")
                            .group("billing")
                            .retry(Retry.never())
                            .handle(order -> {
                                if (broken.get()) {
                                    throw new IllegalStateException("still broken");
                                }
                                handled.add(order.text());
                                ids.add(order.message().id().orElseThrow());
                            });
            var others = new CopyOnWriteArrayList<String>();
            lapwing.subscribe("orders.created").group("other").handle(o -> others.add(o.text()));
            lapwing.subscribe("orders.*").handle(o -> others.add(o.text()));
            publish(lapwing, 5);
            var dead = lapwing.deadLetters("orders.created", "billing");
            await().until(() -> billing.statistics().deadLettered() == 5);
            assertThat(dead.redrive()).isEqualTo(5);
            await().until(() -> billing.statistics().deadLettered() == 10);
            assertThat(dead.count()).isEqualTo(5);
            assertThat(dead.list(10))
                    .extracting(letter -> letter.message().id().orElseThrow())
                    .containsExactly("id-0", "id-1", "id-2", "id-3", "id-4");
            broken.set(false);
            assertThat(dead.redrive()).isEqualTo(5);
            assertThat(dead.count()).isZero();
            await().until(() -> handled.size() == 5);
            assertThat(handled).contains("order 0", "order 4");
            assertThat(ids).doesNotHaveDuplicates().noneMatch(id -> id.startsWith("id-"));
            lapwing.publish("orders.created", "last");
            await().until(() -> others.stream().filter("last"::equals).count() == 2);
            assertThat(others).hasSize(12);
        }
    }

    @ParameterizedTest
    @MethodSource("brokers")
    void redriveOfSomeLeavesTheOthers(ReferenceSettings settings) {
        try (var broker = ReferenceBroker.start(settings);
                var lapwing = Lapwing.connect(broker.uri())) {
            var billing = reject(lapwing, "billing");
            publish(lapwing, 600);
            await().until(() -> billing.statistics().deadLettered() == 600);
            billing.close();
            var dead = lapwing.deadLetters("orders.created", "billing");
            assertThat(dead.redrive(letter -> letter.message().text().endsWith("7"))).isEqualTo(60);
            assertThat(dead.count()).isEqualTo(540);
            assertThat(dead.redrive(letter -> letter.message().text().endsWith("7"))).isZero();
            var back = new ArrayList<String>();
            try (var stream = lapwing.subscribe("orders.created").group("billing").open()) {
                for (var order : stream) {
                    back.add(order.text());
                    if (back.size() == 60) {
                        order.accept();
                        break;
                    }
                }
            }
            assertThat(back).allMatch(text -> text.endsWith("7"));
            assertThatThrownBy(() ->
                            dead.redrive(letter -> {
                                throw new IllegalStateException("test fails");
                            }))
                    .hasMessage("test fails");
            assertThat(dead.count()).isEqualTo(540);
            assertThat(dead.redrive()).isEqualTo(540);
        }
    }

    @Test
    void letterThatCannotBeStoredIsTriedAgainAndNothingIsLost() {
        try (var broker = ReferenceBroker.start(ReferenceSettings.perMessage());
                var lapwing = Lapwing.connect(broker.uri())) {
            var begun = new CountDownLatch(1);
            var go = new CountDownLatch(1);
            var subscription =
                    lapwing.subscribe("orders.created")
                            .group("billing")
                            .decide(order -> {
                                begun.countDown();
                                go.await();
                                return Outcome.reject("no");
                            });
            publish(lapwing, 1);
            await().until(() -> begun.getCount() == 0);
            broker.failNextSends(Fault.refused("disk full", true), Fault.refused("no", false));
            go.countDown();
            await().until(() -> subscription.statistics().deadLettered() == 1);
            assertThat(lapwing.deadLetters("orders.created", "billing").count()).isEqualTo(1);
            await().until(() -> subscription.statistics().inFlight() == 0);
        }
    }

    @Test
    void lettersOfLettersDoNotNest() {
        try (var broker = ReferenceBroker.start(ReferenceSettings.perMessage());
                var lapwing = Lapwing.connect(broker.uri())) {
            var billing = reject(lapwing, "billing");
            publish(lapwing, 1);
            await().until(() -> billing.statistics().deadLettered() == 1);
            var topics = List.of("_dead.billing.orders.created", "_dead.audit.orders.created");
            for (String group : List.of("audit", "billing")) {
                var reader =
                        lapwing.subscribe(topics.getFirst())
                                .group(group)
                                .from(StartAt.earliest())
                                .decide(letter -> Outcome.reject("unreadable"));
                await().until(() -> reader.statistics().deadLettered() == 1);
                reader.close();
            }
            assertThat(lapwing.administration().topics())
                    .extracting(info -> info.name())
                    .containsExactlyInAnyOrder(
                            "orders.created",
                            topics.getFirst(),
                            topics.get(1),
                            "_dead.billing~again.orders.created");
            assertThat(lapwing.deadLetters("orders.created", "audit").list(1).getFirst())
                    .satisfies(letter -> {
                        assertThat(letter.reason()).isEqualTo("unreadable");
                        assertThat(letter.message().headers()).hasToString("{colour=red}");
                    });
        }
    }

    @Test
    void longTopicHasItsLettersInATopicOfItsOwn() {
        try (var broker = ReferenceBroker.start(ReferenceSettings.perMessage());
                var lapwing = Lapwing.connect(broker.uri())) {
            String topic = "a".repeat(250);
            var subscription =
                    lapwing.subscribe(topic).group("billing").decide(o -> Outcome.reject("no"));
            lapwing.publish(topic, "x");
            await().until(() -> subscription.statistics().deadLettered() == 1);
            subscription.close();
            var dead = lapwing.deadLetters(topic, "billing");
            assertThat(dead.list(5).getFirst().topic()).isEqualTo(topic);
            assertThat(dead.redrive()).isEqualTo(1);
        }
    }

    @Test
    void whatTheBrokerWouldDropNextTimeIsBuriedUnseen() {
        try (var harness = new Harness(ReferenceSettings.perMessage())) {
            harness.broker.callLastFrom(3);
            var attempts = new CopyOnWriteArrayList<Integer>();
            harness.lapwing
                    .subscribe("orders")
                    .group("g")
                    .retry(Retry.fixed(Duration.ofMillis(100)).forever())
                    .handle(order -> {
                        attempts.add(order.attempt());
                        throw new IllegalStateException("broken");
                    });
            harness.lapwing.publish("orders", "poison");
            harness.advanceUntil(
                    Duration.ofMillis(50),
                    () -> harness.lapwing.deadLetters("orders", "g").count() == 1);
            assertThat(attempts).containsExactly(1, 2);
            DeadLetter letter = harness.lapwing.deadLetters("orders", "g").list(1).getFirst();
            assertThat(letter.message().text()).isEqualTo("poison");
            assertThat(letter.reason()).contains("too often");
        }
    }
}
