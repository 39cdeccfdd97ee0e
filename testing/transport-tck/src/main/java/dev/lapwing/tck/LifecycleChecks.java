// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.Subscription;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Pausing, draining and closing. */
public interface LifecycleChecks extends Conformance {

    /** Quiet, and then all of it. */
    @Check(proves = Clause.LIFECYCLE, flaw = "loses what comes while a subscription is paused")
    default void pausedSubscriptionIsQuietAndLosesNothing() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("pause");
        var inbox = new Inbox();
        Subscription subscription = lapwing.subscribe(topic).handle(inbox);
        lapwing.publish(topic, "first");
        bench().await(() -> assertThat(inbox.texts()).containsExactly("first"));
        subscription.pause();
        List<String> texts = bench().publishNumbered(topic, 0, 20);
        bench().awaitAndHold(() -> assertThat(inbox.texts()).containsExactly("first"));
        subscription.resume();
        texts.addFirst("first");
        bench().await(() -> assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(texts));
    }

    /** A handler that finishes in time is waited for and its ack kept. */
    @Check(
            proves = {Clause.DRAIN, Clause.ACK},
            flaw = "loses the ack of a handler that finished while draining")
    default void drainWaitsForHandlersAndKeepsTheirAcks() throws Exception {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("drain");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        var begun = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        long busy = bench().pace().quiet().toMillis();
        var first =
                new Inbox(delivery -> {
                    begun.countDown();
                    assertThat(never.await(busy, TimeUnit.MILLISECONDS)).isFalse();
                });
        Subscription subscription = lapwing.subscribe(topic).group(group).handle(first);
        List<String> texts = bench().publishNumbered(topic, 0, 10);
        begun.await();
        assertThat(subscription.drain(bench().pace().patience())).as("handlers finished").isTrue();
        texts.removeAll(first.texts());
        var second = new Inbox();
        lapwing.subscribe(topic).group(group).handle(second);
        bench().awaitAndHold(() ->
                assertThat(second.texts()).containsExactlyInAnyOrderElementsOf(texts));
        assertNothingDead(topic, group);
    }

    /** A handler that does not finish loses nothing either. */
    @Check(
            proves = {Clause.DRAIN, Clause.ATTEMPTS},
            flaw = "loses, or makes a dead letter of, what was unsettled when it was drained")
    default void drainGivesBackWhatHasNoOutcome() throws Exception {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("stuck");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        var begun = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        Subscription subscription =
                lapwing.subscribe(topic)
                        .group(group)
                        .handle(delivery -> {
                            begun.countDown();
                            never.await();
                        });
        List<String> texts = bench().publishNumbered(topic, 0, 10);
        begun.await();
        assertThat(subscription.drain(Duration.ofMillis(50))).as("handlers finished").isFalse();
        var second = new Inbox();
        lapwing.subscribe(topic).group(group).handle(second);
        bench().awaitAndHold(() ->
                assertThat(second.texts()).containsExactlyInAnyOrderElementsOf(texts));
        assertThat(second.attempts()).as("attempts").containsOnly(1);
        assertThat(subscription.ended().toCompletableFuture()).isCompleted();
        assertNothingDead(topic, group);
        never.countDown();
    }

    private void assertNothingDead(String topic, String group) {
        if (bench().has(Capability.DEAD_LETTERS)) {
            assertThat(bench().lapwing().deadLetters(topic, group).count()).as("dead").isZero();
        }
    }

    /** The connection closes with everything in it. */
    @Check(
            proves = {Clause.DRAIN, Clause.LIFECYCLE, Clause.STATE},
            flaw = "does not end in order when its connection closes")
    default void closedConnectionSaysSo() {
        Lapwing lapwing = bench().connect();
        String topic = bench().topic("close");
        Subscription subscription = lapwing.subscribe(topic).handle(new Inbox());
        assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class);
        lapwing.publish(topic, "x");
        lapwing.close();
        lapwing.close();
        assertThat(lapwing.state()).isInstanceOf(ConnectionState.Closed.class);
        assertThat(subscription.ended().toCompletableFuture()).isCompleted();
        assertThatThrownBy(() -> lapwing.publish(topic, "late"))
                .isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> lapwing.subscribe(topic).handle(new Inbox()))
                .isInstanceOf(ClosedException.class);
    }

    /** What a slow handler has not settled is never more than its prefetch. */
    @Check(proves = Clause.CREDIT, flaw = "holds more for a slow handler than its prefetch")
    default void slowConsumerHoldsNoMoreThanItsPrefetch() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("slow");
        var open = new CountDownLatch(1);
        Set<String> handled = ConcurrentHashMap.newKeySet();
        Subscription subscription =
                lapwing.subscribe(topic)
                        .prefetch(10)
                        .concurrency(2)
                        .handle(delivery -> {
                            open.await();
                            handled.add(delivery.text());
                        });
        List<String> texts = bench().publishNumbered(topic, 0, 200);
        bench().awaitAndHold(
                        () -> assertThat(subscription.statistics().inFlight()).isBetween(1, 10));
        assertThat(subscription.statistics().delivered()).isLessThanOrEqualTo(10);
        open.countDown();
        bench().await(() -> assertThat(handled).containsExactlyInAnyOrderElementsOf(texts));
    }
}
