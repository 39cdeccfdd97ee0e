// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.StartAt;

import java.time.Duration;
import java.time.Instant;

/** Delay, time to live, priority and deduplication. */
public interface PublishOptionChecks extends Conformance {

    /** Not before, and then. */
    @Check(
            proves = {Clause.DELAY, Clause.DECLARED},
            flaw = "delivers a delayed message too early, or never")
    default void delayedMessageComesInTime() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("delay");
        Duration delay = bench().pace().pause();
        Message late = Message.to(topic).deliverAfter(delay).text("late").build();
        if (!bench().offers(Capability.DELAY, () -> lapwing.publish(late))) {
            return;
        }
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        long before = System.nanoTime();
        lapwing.publish(late);
        lapwing.publish(topic, "now");
        bench().awaitAndHold(() -> assertThat(inbox.texts()).containsExactly("now", "late"));
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("time until it came")
                .isGreaterThanOrEqualTo(delay.minus(SettleScene.CLOCK_GRAIN));
    }

    /** Zero is no delay. */
    @Check(proves = Clause.DELAY, flaw = "holds back a message that is delayed by nothing")
    default void noDelayIsNoDelay() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("zero");
        Message now = Message.to(topic).deliverAfter(Duration.ZERO).text("now").build();
        if (!bench().offers(Capability.DELAY, () -> lapwing.publish(now))) {
            return;
        }
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        lapwing.publish(now);
        bench().awaitAndHold(() -> assertThat(inbox.texts()).containsExactly("now"));
    }

    /** Late readers do not see it; early ones do. */
    @Check(
            proves = {Clause.TIME_TO_LIVE, Clause.DECLARED},
            flaw = "delivers a message that is out of date")
    default void messageOutOfDateIsNotDelivered() {
        SpiLink link = bench().spi();
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("ttl");
        Duration life = bench().pace().pause();
        Message brief = Message.to(topic).timeToLive(life).text("brief").build();
        if (!bench().offers(Capability.TIME_TO_LIVE, () -> lapwing.publish(brief))) {
            return;
        }
        SpiReceiver early = link.alone(topic, StartAt.now()).grant(10);
        SpiReceiver late = link.alone(topic, StartAt.now());
        Instant published = Instant.now();
        lapwing.publish(Message.to(topic).timeToLive(life).text("brief").build());
        lapwing.publish(Message.to(topic).timeToLive(Duration.ofHours(1)).text("lasting").build());
        bench().await(() -> assertThat(early.texts()).contains("lasting"));
        Instant over = published.plus(life).plusMillis(100);
        bench().await(() -> assertThat(Instant.now()).isAfter(over));
        late.grant(10);
        bench().awaitAndHold(() -> assertThat(late.texts()).containsExactly("lasting"));
        assertThat(early.texts()).as("one that read in time").contains("brief");
    }

    /** Both wait; the urgent one goes first. */
    @Check(
            proves = {Clause.PRIORITY, Clause.DECLARED},
            flaw = "lets urgent messages wait behind others")
    default void urgentMessagesOvertake() {
        SpiLink link = bench().spi();
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("priority");
        Message urgent = Message.to(topic).priority(9).text("urgent").build();
        if (!bench().offers(Capability.PRIORITY, () -> lapwing.publish(urgent))) {
            return;
        }
        SpiReceiver receiver = link.alone(topic, StartAt.now());
        lapwing.publish(Message.to(topic).priority(1).text("patient").build());
        lapwing.publish(Message.to(topic).priority(1).text("patient").build());
        lapwing.publish(urgent);
        receiver.grant(1);
        bench().await(() -> assertThat(receiver.texts()).containsExactly("urgent"));
        receiver.grant(5);
        bench().await(() -> assertThat(receiver.texts()).hasSize(3));
    }

    /** Told to the sender, unseen by the reader. */
    @Check(
            proves = {Clause.DEDUPLICATION, Clause.DECLARED},
            flaw = "stores the same id twice, or does not tell that it was a duplicate")
    default void sameIdIsStoredOnce() throws Exception {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("dedupe");
        Message message = Message.to(topic).id(bench().group("id")).text("once").build();
        boolean offered = bench().offers(Capability.DEDUPLICATION);
        bench().keep(bench().topic("dedupe-other"));
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        PublishResult.Stored first = lapwing.publish(message);
        PublishResult.Stored second = lapwing.publish(message);
        PublishResult.Stored elsewhere =
                lapwing.publish(message.copyTo(bench().topic("dedupe-other")).build());
        lapwing.publish(topic, "end");
        bench().awaitAndHold(() ->
                assertThat(inbox.texts())
                        .containsExactlyInAnyOrderElementsOf(
                                offered
                                        ? java.util.List.of("once", "end")
                                        : java.util.List.of("once", "once", "end")));
        assertThat(first.duplicate()).as("the first one is a duplicate").isFalse();
        assertThat(second.duplicate())
                .as("the second one is told to be a duplicate")
                .isEqualTo(offered);
        assertThat(elsewhere.duplicate()).as("the same id in another topic").isFalse();
    }

    /** The window outlives the broker's process. */
    @Check(
            proves = {Clause.DEDUPLICATION, Clause.SURVIVES},
            flaw = "forgets the ids it has seen when it is restarted")
    default void dedupeSurvivesARestart() throws Exception {
        if (!bench().offers(Capability.DURABLE) || !bench().offers(Capability.DEDUPLICATION)) {
            return;
        }
        Message message =
                Message.to(bench().topic("window")).id(bench().group("id")).text("once").build();
        bench().keep(message.topic());
        bench().lapwing().publish(message);
        bench().restart();
        assertThat(bench().lapwing().publish(message).duplicate()).isTrue();
    }
}
