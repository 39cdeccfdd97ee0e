// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Delivery;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.StartAt;
import dev.lapwing.reference.ReferenceSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** The rules of Reactive Streams that a publisher has to keep. */
class FlowTest {
    private final Harness harness = new Harness(ReferenceSettings.perMessage());

    @AfterEach
    void close() {
        harness.close();
    }

    /** Notes every signal, and whether two ever overlap. */
    private static final class Probe implements Flow.Subscriber<Delivery> {
        final List<String> signals = new CopyOnWriteArrayList<>();
        final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
        final AtomicInteger inside = new AtomicInteger();
        volatile boolean overlapped;
        volatile Flow.Subscription subscription;
        volatile Throwable error;
        private final BiConsumer<Probe, Delivery> next;

        Probe(BiConsumer<Probe, Delivery> next) {
            this.next = next;
        }

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            signals.add("subscribe");
        }

        @Override
        public void onNext(Delivery delivery) {
            overlapped |= inside.incrementAndGet() > 1;
            signals.add(delivery.text());
            deliveries.add(delivery);
            next.accept(this, delivery);
            inside.decrementAndGet();
        }

        @Override
        public void onError(Throwable cause) {
            error = cause;
            signals.add("error");
        }

        @Override
        public void onComplete() {
            signals.add("complete");
        }
    }

    private void publish(int count) {
        harness.lapwing.publishAll(
                IntStream.range(0, count)
                        .mapToObj(n -> Message.to("orders").text("order " + n).build())
                        .toList());
    }

    private Probe subscribe(String group, BiConsumer<Probe, Delivery> next) {
        var probe = new Probe(next);
        var builder = harness.lapwing.subscribe("orders").from(StartAt.earliest());
        (group == null ? builder : builder.group(group)).publisher().subscribe(probe);
        return probe;
    }

    @Test
    void publisherGivesNoMoreThanWasAskedFor() {
        publish(10);
        var probe = subscribe("g", (p, d) -> d.accept());
        probe.subscription.request(3);
        await().until(() -> probe.deliveries.size() == 3);
        assertThat(harness.lapwing.administration().groups("orders").getFirst().inFlight())
                .isLessThanOrEqualTo(3);
        probe.subscription.request(1);
        await().until(() -> probe.deliveries.size() == 4);
        assertThat(probe.signals)
                .containsExactly("subscribe", "order 0", "order 1", "order 2", "order 3");
        probe.subscription.request(Long.MAX_VALUE);
        probe.subscription.request(Long.MAX_VALUE);
        await().until(() -> probe.deliveries.size() == 10);
        harness.lapwing.close();
        await().until(() -> probe.signals.contains("complete"));
        assertThat(probe.overlapped).isFalse();
    }

    @Test
    void requestFromInsideASignalNeitherRecursesNorOverlaps() {
        publish(5000);
        var probe =
                subscribe(
                        "g",
                        (p, d) -> {
                            d.accept();
                            p.subscription.request(1);
                        });
        probe.subscription.request(1);
        await().until(() -> probe.deliveries.size() == 5000);
        assertThat(probe.overlapped).isFalse();
        assertThat(probe.deliveries.getLast().text()).isEqualTo("order 4999");
    }

    @Test
    void requestOfNothingIsAnErrorAndTheEnd() {
        publish(3);
        var probe = subscribe("g", (p, d) -> d.accept());
        probe.subscription.request(0);
        await().until(() -> probe.error != null);
        assertThat(probe.error)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3.9");
        probe.subscription.request(10);
        assertThat(probe.signals).containsExactly("subscribe", "error");
    }

    @Test
    void cancelEndsAndGivesBackWhatIsNotSettled() {
        publish(5);
        var probe = subscribe("g", (p, d) -> p.subscription.cancel());
        probe.subscription.request(5);
        await().until(() -> probe.deliveries.size() == 1);
        await().until(() ->
                harness.lapwing.administration().groups("orders").getFirst().members() == 0);
        probe.subscription.cancel();
        probe.subscription.request(5);
        assertThat(probe.signals).containsExactly("subscribe", "order 0");
        var again = subscribe("g", (p, d) -> d.accept());
        again.subscription.request(5);
        await().until(() -> again.deliveries.size() == 5);
        assertThat(again.deliveries).extracting(Delivery::attempt).containsOnly(1);
    }

    @Test
    void eachSubscriberHasItsOwnSubscription() {
        publish(3);
        var publisher = harness.lapwing.subscribe("orders").from(StartAt.earliest()).publisher();
        var first = new Probe((p, d) -> {});
        var second = new Probe((p, d) -> {});
        publisher.subscribe(first);
        publisher.subscribe(second);
        first.subscription.request(3);
        await().until(() -> first.deliveries.size() == 3);
        assertThat(second.deliveries).isEmpty();
        second.subscription.request(2);
        await().until(() -> second.deliveries.size() == 2);
    }

    @Test
    void plainSubscriberNeedNotSettle() {
        publish(3000);
        var probe = subscribe(null, (p, d) -> {});
        probe.subscription.request(Long.MAX_VALUE);
        await().until(() -> probe.deliveries.size() == 3000);
    }

    @Test
    void brokerThatEndsASubscriptionIsAnError() {
        publish(1);
        var probe = subscribe("g", (p, d) -> d.accept());
        probe.subscription.request(5);
        await().until(() -> probe.deliveries.size() == 1);
        harness.broker.failReceivers("orders", new LapwingException("access denied"));
        await().until(() -> probe.error != null);
        assertThat(probe.error).hasMessage("access denied");
    }

    @Test
    void subscriptionThatCannotBeOpenedIsAnErrorAfterOnSubscribe() {
        var publisher = harness.lapwing.subscribe("orders").publisher();
        assertThatThrownBy(() -> publisher.subscribe(null))
                .isInstanceOf(NullPointerException.class);
        harness.lapwing.close();
        var probe = new Probe((p, d) -> {});
        publisher.subscribe(probe);
        assertThat(probe.signals).containsExactly("subscribe", "error");
    }

    @Test
    void subscriberThatThrowsIsCancelledAndLosesNothing() {
        publish(2);
        var probe =
                subscribe(
                        "g",
                        (p, d) -> {
                            throw new IllegalStateException("subscribers do not throw");
                        });
        probe.subscription.request(2);
        await().until(() ->
                harness.lapwing.administration().groups("orders").getFirst().members() == 0);
        var again = subscribe("g", (p, d) -> d.accept());
        again.subscription.request(2);
        await().until(() -> again.deliveries.size() == 2);
    }

    @Test
    void retriedDeliveryComesAgain() {
        publish(1);
        var probe =
                subscribe(
                        "g",
                        (p, d) -> {
                            if (d.attempt() == 1) {
                                d.retry("once more");
                            } else {
                                d.accept();
                            }
                        });
        probe.subscription.request(2);
        await().until(() -> probe.deliveries.size() == 1);
        await().until(() -> {
            harness.time.advance(java.time.Duration.ofMillis(50));
            return probe.deliveries.size() == 2;
        });
        assertThat(probe.deliveries).extracting(Delivery::attempt).containsExactly(1, 2);
    }
}
