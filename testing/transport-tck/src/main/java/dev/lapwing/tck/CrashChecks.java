// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.PublishException;
import dev.lapwing.Retry;
import dev.lapwing.Subscription;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** The broker dies, a member dies, or a link is neither alive nor dead. */
public interface CrashChecks extends Conformance {

    /** In mid-publish and in mid-consume: killed, started again, and everything accounted for. */
    @Check(
            proves = {Clause.SURVIVES, Clause.DECLARED_AGAIN, Clause.EXACT_ACCOUNT},
            flaw = "loses what it acknowledged, or stays deaf, when its broker is killed")
    default void brokerKilledUnderLoadLosesNothing() throws InterruptedException {
        String topic = bench().topic("killed");
        if (!bench().offers(Capability.DURABLE) || bench().refusesGroups(topic)) {
            return;
        }
        Lapwing lapwing = bench().lapwing();
        var account = new Account();
        List<Subscription> members =
                List.of(member(lapwing, topic, account), member(lapwing, topic, account));
        try (var load = new Load(lapwing, topic, account)) {
            bench().await(() -> assertThat(account.acknowledged()).isGreaterThan(200));
            bench().space().restart().orElseThrow().run();
            int before = account.acknowledged();
            bench().await(() ->
                    assertThat(account.acknowledged())
                            .as("publishes acknowledged after the broker came back")
                            .isGreaterThan(before + 200));
            load.stop();
            bench().await(() -> assertThat(load.open()).as("publishes without an end").isZero());
        }
        bench().await(account::assertComplete);
        assertThat(members)
                .allSatisfy(each -> assertThat(each.statistics().deadLettered()).isZero());
    }

    private Subscription member(Lapwing lapwing, String topic, Account account) {
        return lapwing.subscribe(topic)
                .group(bench().group("g"))
                .concurrency(4)
                .retry(Retry.fixed(Duration.ofMillis(20)).forever())
                .handle(account::delivered);
    }

    /** The second time before the first is got over. The state says so in between. */
    @Check(
            proves = {Clause.DECLARED_AGAIN, Clause.STATE},
            flaw = "does not come back when its broker is restarted twice in a row")
    default void brokerRestartedTwiceIsFoundAgain() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("twice");
        boolean groups = !bench().refusesGroups(topic);
        var grouped = new Inbox();
        var plain = new Inbox();
        if (groups) {
            lapwing.subscribe(topic).group(bench().group("g")).handle(grouped);
        }
        lapwing.subscribe(topic).handle(plain);
        var states = new CopyOnWriteArrayList<ConnectionState>();
        lapwing.onStateChange(states::add);
        for (int turn = 0; turn < 2; turn++) {
            restartOrCut();
        }
        if (!bench().space().inProcess()) {
            bench().await(() ->
                    assertThat(states)
                            .as("states told")
                            .hasAtLeastOneElementOfType(ConnectionState.Reconnecting.class));
            bench().await(() ->
                    assertThat(states).last().isInstanceOf(ConnectionState.Connected.class));
        }
        lapwing.publish(topic, "after");
        bench().await(() -> {
            assertThat(plain.texts()).as("without a group").contains("after");
            assertThat(grouped.texts())
                    .as("in a group")
                    .isEqualTo(groups ? List.of("after") : List.of());
        });
    }

    private void restartOrCut() {
        if (bench().space().restart().isPresent()) {
            bench().space().restart().get().run();
        } else {
            bench().outage()
                    .ifPresent(outage -> {
                        outage.begin();
                        outage.end();
                    });
        }
    }

    /** Who reads afterwards finds each once: neither the confirmation's loss nor a reconnect. */
    @Check(
            proves = {Clause.SEND_ENDS_ONCE, Clause.EXACT_ACCOUNT},
            flaw = "sends by itself again what was cut off from its confirmation")
    default void cutBetweenPublishAndConfirmStoresNothingTwice() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("unconfirmed");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        lapwing.subscribe(topic).group(group).handle(new Inbox()).close();
        var account = new Account();
        for (int turn = 0; turn < 3; turn++) {
            var sends = new ArrayList<CompletableFuture<?>>();
            for (int at = 0; at < 50; at++) {
                sends.add(account.publish(lapwing, topic, turn + "-" + at));
            }
            bench().outage().ifPresent(Space.Outage::begin);
            bench().outage().ifPresent(Space.Outage::end);
            for (CompletableFuture<?> send : sends) {
                bench().await(() -> assertThat(send).as("a publish that ends").isDone());
                if (send.isCompletedExceptionally()) {
                    assertThat(send.exceptionNow()).isInstanceOf(PublishException.class);
                }
            }
            bench().await(() ->
                    assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class));
        }
        lapwing.subscribe(topic).group(group).handle(account::delivered);
        bench().awaitAndHold(account::assertComplete);
        account.assertNoDuplicates();
    }

    /** It cannot say goodbye: its link is down when it ends. */
    @Check(
            proves = {Clause.LOST, Clause.GROUP_REMEMBERS, Clause.EXACT_ACCOUNT},
            flaw = "loses, or keeps from the others, what a member held when it died")
    default void memberThatDiesLosesNothing() {
        String topic = bench().topic("dies");
        if (bench().refusesGroups(topic)) {
            return;
        }
        Lapwing dying = bench().connect();
        var never = new CountDownLatch(1);
        Subscription first =
                dying.subscribe(topic)
                        .group(bench().group("g"))
                        .lease(bench().pace().lease())
                        .prefetch(10)
                        .handle(delivery -> never.await());
        List<String> texts = bench().publishNumbered(topic, 0, 40);
        bench().await(() -> assertThat(first.statistics().delivered()).isPositive());
        bench().outage().ifPresent(Space.Outage::begin);
        dying.close();
        bench().outage().ifPresent(Space.Outage::end);
        var inbox = new Inbox();
        bench().connect()
                .subscribe(topic)
                .group(bench().group("g"))
                .lease(bench().pace().lease())
                .handle(inbox);
        bench().awaitAndHold(
                        () -> assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(texts));
        never.countDown();
    }

    /** For a while nothing passes, and nobody is told. */
    @Check(
            proves = {Clause.SEND_ENDS_ONCE, Clause.EXACT_ACCOUNT},
            flaw = "loses what is under way when a link goes silent for a while")
    default void silentLinkLosesNothing() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("silent");
        if (bench().refusesGroups(topic)) {
            return;
        }
        var account = new Account();
        lapwing.subscribe(topic).group(bench().group("g")).handle(account::delivered);
        var sends = new ArrayList<CompletableFuture<?>>();
        publish(lapwing, topic, "before", account, sends);
        bench().silence().ifPresent(Space.Outage::begin);
        publish(lapwing, topic, "during", account, sends);
        long over = System.nanoTime() + bench().pace().pause().toNanos();
        bench().await(() -> assertThat(System.nanoTime()).isGreaterThan(over));
        bench().silence().ifPresent(Space.Outage::end);
        publish(lapwing, topic, "after", account, sends);
        for (CompletableFuture<?> send : sends) {
            bench().await(() -> assertThat(send).as("a publish that ends").isDone());
        }
        bench().await(account::assertComplete);
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
}
