// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.Guarantee;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.SettleUnit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Groups, and subscriptions without one. */
public interface GroupChecks extends Conformance {

    /** Nothing before, everything after, with no wait between. */
    @Check(
            proves = Clause.IN_FORCE,
            flaw = "starts late: misses what was published right after subscribe returned")
    default void subscriptionIsInForceWhenSubscribeReturns() {
        Lapwing lapwing = bench().lapwing();
        for (int turn = 0; turn < 5; turn++) {
            String topic = bench().topic("force" + turn);
            bench().publishUnheard(topic, "before");
            var inbox = new Inbox();
            lapwing.subscribe(topic).handle(inbox);
            lapwing.publish(topic, "after");
            bench().awaitAndHold(() -> assertThat(inbox.texts()).containsExactly("after"));
        }
    }

    /** The same for a group that is new. */
    @Check(
            proves = {Clause.IN_FORCE, Clause.GROUPS},
            flaw = "starts a group late: misses what was published right after subscribe returned")
    default void groupBeginsWhenItsFirstSubscribeReturns() {
        Lapwing lapwing = bench().lapwing();
        for (int turn = 0; turn < 5; turn++) {
            String topic = bench().topic("begin" + turn);
            if (bench().refusesGroups(topic)) {
                return;
            }
            bench().publishUnheard(topic, "before");
            var inbox = new Inbox();
            lapwing.subscribe(topic).group(bench().group("g")).handle(inbox);
            lapwing.publish(topic, "after");
            bench().awaitAndHold(() -> assertThat(inbox.texts()).containsExactly("after"));
        }
    }

    /** Every subscriber gets each. */
    @Check(proves = Clause.GROUPS, flaw = "does not deliver to every subscriber without a group")
    default void everySubscriberWithoutGroupGetsEveryMessage() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("fan");
        List<Inbox> inboxes = IntStream.range(0, 3).mapToObj(at -> new Inbox()).toList();
        inboxes.forEach(inbox -> lapwing.subscribe(topic).handle(inbox));
        List<String> texts = bench().publishNumbered(topic, 0, 20);
        bench().awaitAndHold(() ->
                assertThat(inboxes)
                        .allSatisfy(inbox ->
                                assertThat(inbox.texts())
                                        .containsExactlyInAnyOrderElementsOf(texts)));
    }

    /** Two groups, two members each. */
    @Check(
            proves = {Clause.GROUPS, Clause.EXACT_ACCOUNT},
            flaw = "delivers to two members of a group")
    default void oneMemberOfEachGroupHandlesEachMessage() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("share");
        if (bench().refusesGroups(topic)) {
            return;
        }
        var billing = new Inbox();
        var shipping = new Inbox();
        for (int member = 0; member < 2; member++) {
            lapwing.subscribe(topic).group(bench().group("billing")).handle(billing);
            lapwing.subscribe(topic).group(bench().group("shipping")).handle(shipping);
        }
        List<String> texts = bench().publishNumbered(topic, 0, 200);
        bench().awaitAndHold(() -> {
            assertThat(billing.texts()).containsExactlyInAnyOrderElementsOf(texts);
            assertThat(shipping.texts()).containsExactlyInAnyOrderElementsOf(texts);
        });
    }

    /** Queue groups, pull sockets; and any group that is asked to be no more than that. */
    @Check(
            proves = {Clause.COMPETING, Clause.DECLARED},
            flaw = "gives a message to two of those who compete for it, or to none")
    default void competingConsumersShareEachMessage() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("compete");
        var shared = new Inbox();
        boolean memory = !bench().refusesGroups(bench().topic("memory"));
        if (!bench().offers(Capability.COMPETING_CONSUMERS)) {
            assertThat(memory).as("groups with memory, and none without").isFalse();
            Workbench.assertRefused(
                    Capability.GROUPS, () -> compete(topic, "workers", new Inbox()));
            return;
        }
        for (int member = 0; member < 2; member++) {
            compete(topic, "workers", shared);
        }
        var other = new Inbox();
        boolean one = refusesAnother(topic, other);
        List<String> texts = new ArrayList<>();
        for (int at = 0; at < 100; at++) {
            lapwing.publish(topic, "m" + at);
            texts.add("m" + at);
        }
        bench().awaitAndHold(() -> {
            assertThat(shared.texts()).containsExactlyInAnyOrderElementsOf(texts);
            if (!one) {
                assertThat(other.texts()).containsExactlyInAnyOrderElementsOf(texts);
            }
        });
    }

    private void compete(String topic, String group, Inbox inbox) {
        bench().lapwing()
                .subscribe(topic)
                .group(bench().group(group))
                .guarantee(Guarantee.AT_MOST_ONCE)
                .handle(inbox);
    }

    /** A second group gets every message too, or is refused: it never shares with the first. */
    private boolean refusesAnother(String topic, Inbox inbox) {
        try {
            compete(topic, "others", inbox);
            return false;
        } catch (UnsupportedCapabilityException e) {
            return true;
        }
    }

    /** Work is shared: a busy member does not keep everything. */
    @Check(
            proves = {Clause.GROUPS, Clause.CREDIT},
            flaw = "leaves everything to one member while another has room")
    default void membersShareTheWork() {
        SpiLink link = bench().spi();
        String topic = bench().topic("work");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        List<SpiReceiver> members =
                IntStream.range(0, 2).mapToObj(at -> link.member(topic, group).grant(30)).toList();
        link.storeSpread(topic, 40);
        bench().awaitAndHold(() -> {
            assertThat(members).allSatisfy(member -> assertThat(member.texts()).isNotEmpty());
            var all = new ArrayList<>(members.getFirst().texts());
            all.addAll(members.getLast().texts());
            assertThat(all).hasSize(40).doesNotHaveDuplicates();
        });
    }

    /** Away and back. */
    @Check(proves = Clause.GROUP_REMEMBERS, flaw = "forgets a group that has no member")
    default void groupGoesOnWhereItStood() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("away");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        var first = new Inbox();
        Subscription subscription = lapwing.subscribe(topic).group(group).handle(first);
        List<String> before = bench().publishNumbered(topic, 0, 5);
        bench().await(() -> assertThat(first.texts()).containsExactlyInAnyOrderElementsOf(before));
        subscription.close();
        List<String> away = bench().publishNumbered(topic, 5, 10);
        var second = new Inbox();
        lapwing.subscribe(topic).group(group).from(StartAt.now()).handle(second);
        bench().awaitAndHold(
                        () -> assertThat(second.texts()).containsExactlyInAnyOrderElementsOf(away));
    }

    /** The same with another connection, and a restart of the broker where it is durable. */
    @Check(
            proves = {Clause.SURVIVES, Clause.GROUP_REMEMBERS, Clause.DECLARED},
            flaw = "loses stored messages, or the place of a group, when it is restarted")
    default void restartLosesNothing() throws Exception {
        if (!bench().offers(Capability.DURABLE)) {
            return;
        }
        String topic = bench().topic("restart");
        String group = bench().group("g");
        List<String> texts;
        if (bench().refusesGroups(topic)) {
            return;
        }
        var first = new Inbox();
        Subscription early = bench().lapwing().subscribe(topic).group(group).handle(first);
        List<String> handled = bench().publishNumbered(topic, 0, 5);
        bench().await(() -> assertThat(first.texts()).hasSize(handled.size()));
        early.close();
        texts = bench().publishNumbered(topic, 5, 25);
        bench().restart();
        var inbox = new Inbox();
        bench().lapwing().subscribe(topic).group(group).handle(inbox);
        bench().awaitAndHold(
                        () -> assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(texts));
    }

    /** A copy that waits in memory only is a loss. */
    @Check(
            proves = {Clause.SURVIVES, Clause.DELAY, Clause.GIVE_BACK},
            flaw = "loses what waits for its time when it is restarted")
    default void whatWaitsSurvivesARestart() throws Exception {
        if (!bench().offers(Capability.DURABLE)) {
            return;
        }
        String topic = bench().topic("waits");
        String group = bench().group("g");
        if (bench().refusesGroups(topic)) {
            return;
        }
        SpiLink link = bench().spi();
        SpiReceiver member = link.member(topic, group).grant(1);
        link.store(topic, "later");
        bench().await(() -> assertThat(member.texts()).containsExactly("later"));
        if (link.has(Capability.GIVE_BACK_LATER)) {
            member.giveBack(bench().pace().pause(), true, member.delivered(0));
        }
        Message delayed =
                Message.to(topic).deliverAfter(bench().pace().pause()).text("delayed").build();
        List<String> expected = new ArrayList<>(List.of("later"));
        if (bench().offers(Capability.DELAY, () -> bench().lapwing().publish(delayed))) {
            bench().lapwing().publish(delayed);
            expected.add("delayed");
        }
        bench().restart();
        var inbox = new Inbox();
        bench().lapwing().subscribe(topic).group(group).handle(inbox);
        bench().awaitAndHold(() ->
                assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(expected));
    }

    /** Members join and leave while messages flow. */
    @Check(
            proves = {Clause.GROUPS, Clause.EXACT_ACCOUNT, Clause.DRAIN},
            flaw = "loses messages when members of a group come and go")
    default void membersComeAndGoUnderLoad() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("churn");
        if (bench().refusesGroups(topic)) {
            return;
        }
        String group = bench().group("g");
        var handled = new CopyOnWriteArrayList<String>();
        boolean floors = bench().spi().transport().settleUnit() == SettleUnit.FLOOR;
        Subscription steady =
                lapwing.subscribe(topic).group(group).handle(each -> handled.add(each.text()));
        var all = new ArrayList<String>();
        for (int turn = 0; turn < 8; turn++) {
            Subscription guest =
                    lapwing.subscribe(topic)
                            .group(group)
                            .concurrency(4)
                            .handle(each -> handled.add(each.text()));
            all.addAll(bench().publishNumbered(topic, turn * 50, turn * 50 + 50));
            guest.close();
        }
        bench().await(() -> assertThat(handled).containsAll(all).isSubsetOf(all));
        if (!floors) {
            assertThat(handled).as("handled by one member each").doesNotHaveDuplicates();
        }
        assertThat(steady.statistics().deadLettered()).isZero();
    }
}
