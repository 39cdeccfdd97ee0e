// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.PublishException;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** The link breaks and comes back. Where there is no link, its state says so all the time. */
public interface OutageChecks extends Conformance {

    /** Down, with why and since when, and up again. */
    @Check(proves = Clause.STATE, flaw = "calls itself connected while its link is down")
    default void stateTellsTheTruth() {
        Lapwing lapwing = bench().lapwing();
        var states = new CopyOnWriteArrayList<ConnectionState>();
        lapwing.onStateChange(states::add);
        assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class);
        var outage = bench().outage();
        if (outage.isEmpty()) {
            lapwing.publish(bench().topic("up"), "x");
            bench().awaitAndHold(() ->
                    assertThat(states).hasOnlyElementsOfType(ConnectionState.Connected.class));
            return;
        }
        outage.get().begin();
        bench().await(() ->
                assertThat(lapwing.state())
                        .isInstanceOfSatisfying(
                                ConnectionState.Reconnecting.class,
                                down -> {
                                    assertThat(down.reason()).isNotBlank();
                                    assertThat(down.nextTry()).isAfterOrEqualTo(down.since());
                                }));
        outage.get().end();
        bench().await(() ->
                assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class));
        bench().await(() ->
                assertThat(states)
                        .hasAtLeastOneElementOfType(ConnectionState.Reconnecting.class)
                        .last()
                        .isInstanceOf(ConnectionState.Connected.class));
    }

    /** Group, pattern and plain subscriber are alive again by themselves. */
    @Check(
            proves = {Clause.DECLARED_AGAIN, Clause.GROUP_REMEMBERS},
            flaw = "forgets a group, a binding or a subscriber when it reconnects")
    default void everythingDeclaredIsInForceAgain() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("again");
        var grouped = new Inbox();
        var plain = new Inbox();
        var byPattern = new Inbox();
        boolean groups = !bench().refusesGroups(topic);
        boolean patterns =
                bench().offers(
                                Capability.PATTERNS,
                                () -> lapwing.subscribe(bench().topic("*")).handle(byPattern));
        if (groups) {
            lapwing.subscribe(topic).group(bench().group("g2")).handle(grouped);
        }
        if (patterns) {
            lapwing.subscribe(bench().topic("*")).handle(byPattern);
        }
        lapwing.subscribe(topic).handle(plain);
        cycle();
        cycle();
        lapwing.publish(topic, "after");
        bench().awaitAndHold(() -> {
            assertThat(plain.texts()).as("without a group").containsExactly("after");
            assertThat(grouped.texts())
                    .as("in a group")
                    .isEqualTo(groups ? List.of("after") : List.of());
            assertThat(byPattern.texts())
                    .as("by pattern")
                    .isEqualTo(patterns ? List.of("after") : List.of());
        });
    }

    private void cycle() {
        bench().outage()
                .ifPresent(outage -> {
                    outage.begin();
                    bench().await(() ->
                            assertThat(bench().lapwing().state())
                                    .isInstanceOf(ConnectionState.Reconnecting.class));
                    outage.end();
                    bench().await(() ->
                            assertThat(bench().lapwing().state())
                                    .isInstanceOf(ConnectionState.Connected.class));
                });
    }

    /** What was stored before and what was with a handler: all of it comes. */
    @Check(
            proves = {Clause.DECLARED_AGAIN, Clause.LOST, Clause.EXACT_ACCOUNT},
            flaw = "drops messages on reconnect")
    default void outageLosesNothingOfAGroup() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("outage");
        if (bench().refusesGroups(topic)) {
            return;
        }
        var inbox = new Inbox();
        Subscription subscription =
                lapwing.subscribe(topic).group(bench().group("g")).prefetch(5).handle(inbox);
        List<String> texts = bench().publishNumbered(topic, 0, 50);
        cycle();
        texts.addAll(bench().publishNumbered(topic, 50, 60));
        bench().await(() -> assertThat(inbox.texts()).containsAll(texts));
        assertThat(subscription.statistics().deadLettered()).isZero();
    }

    /** In mid-publish: each ends as one of three, and what was acknowledged is there. */
    @Check(
            proves = {Clause.SEND_ENDS_ONCE, Clause.EXACT_ACCOUNT},
            flaw = "leaves a publish without a true end when the link breaks under it")
    default void publishesUnderAnOutageEndTruly() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("mid");
        if (bench().refusesGroups(topic)) {
            return;
        }
        var account = new Account();
        lapwing.subscribe(topic).group(bench().group("g")).handle(account::delivered);
        var sends = new ArrayList<CompletableFuture<?>>();
        var outage = bench().outage();
        for (int turn = 0; turn < 3; turn++) {
            publish(lapwing, topic, turn + "a", account, sends);
            outage.ifPresent(Space.Outage::begin);
            publish(lapwing, topic, turn + "b", account, sends);
            outage.ifPresent(Space.Outage::end);
        }
        for (CompletableFuture<?> send : sends) {
            bench().await(() -> assertThat(send).as("a publish that ends").isDone());
            if (send.isCompletedExceptionally()) {
                assertThat(send.exceptionNow()).isInstanceOf(PublishException.class);
            }
        }
        bench().await(account::assertComplete);
        if (outage.isEmpty()) {
            account.assertNoDuplicates();
        }
    }

    private static void publish(
            Lapwing lapwing,
            String topic,
            String name,
            Account account,
            List<CompletableFuture<?>> sends) {
        for (int at = 0; at < 20; at++) {
            sends.add(account.publish(lapwing, topic, name + at));
        }
    }

    /**
     * A subscriber of its own that remembers nothing still misses nothing where history is kept;
     * elsewhere it is alive again.
     */
    @Check(
            proves = {Clause.DECLARED_AGAIN, Clause.RESUME},
            flaw = "misses what was stored before a subscriber without a group had read it")
    default void outageLosesNothingOfAPlainSubscriber() {
        SpiLink link = bench().spi();
        String topic = bench().topic("plain");
        SpiReceiver receiver = link.alone(topic, StartAt.now()).grant(3);
        link.storeNumbered(topic, 10);
        bench().await(() -> assertThat(receiver.delivered()).hasSize(3));
        List<String> seen = receiver.texts();
        bench().outage()
                .ifPresent(outage -> {
                    outage.begin();
                    link.awaitState(bench(), ConnectionState.Reconnecting.class);
                    outage.end();
                    link.awaitState(bench(), ConnectionState.Connected.class);
                });
        receiver.grant(1000);
        link.store(topic, "later");
        bench().await(() -> assertThat(receiver.texts()).contains("later"));
        if (link.has(Capability.REPLAY)) {
            List<String> rest =
                    IntStream.range(0, 10)
                            .mapToObj(at -> "m" + at)
                            .filter(text -> !seen.contains(text))
                            .toList();
            bench().await(() -> assertThat(receiver.texts()).containsAll(rest));
        }
    }
}
