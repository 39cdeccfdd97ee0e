// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.Capability;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Where a subscription begins. */
public interface ReplayChecks extends Conformance {

    /** All that is there, in order, and then what comes. */
    @Check(
            proves = {Clause.REPLAY, Clause.ORDER},
            flaw = "ignores the start position: earliest is not the oldest message")
    default void earliestBeginsAtTheOldestMessage() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("earliest");
        if (refuses(Capability.REPLAY, topic, StartAt.earliest())) {
            return;
        }
        var texts = bench().publishNumbered(topic, 0, 30);
        var inbox = new Inbox();
        lapwing.subscribe(topic).from(StartAt.earliest()).handle(inbox);
        texts.addAll(bench().publishNumbered(topic, 30, 40));
        bench().awaitAndHold(
                        () -> assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(texts));
        if (bench().has(Capability.COMPARABLE_POSITIONS)) {
            assertThat(inbox.texts()).isEqualTo(texts);
        }
    }

    /** A new group may see the past, by request. */
    @Check(
            proves = {Clause.REPLAY, Clause.GROUPS},
            flaw = "ignores where a new group shall begin")
    default void newGroupCanBeginAtTheOldestMessage() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("past");
        if (refuses(Capability.REPLAY, topic, StartAt.earliest()) || bench().refusesGroups(topic)) {
            return;
        }
        var texts = bench().publishNumbered(topic, 0, 10);
        var inbox = new Inbox();
        lapwing.subscribe(topic).group(bench().group("g")).from(StartAt.earliest()).handle(inbox);
        bench().awaitAndHold(
                        () -> assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(texts));
    }

    /** From every position that was seen: the rest, once. */
    @Check(
            proves = Clause.RESUME,
            flaw = "misses or doubles messages when it resumes after a position")
    default void resumingMissesNothingAndDoublesNothing() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("resume");
        if (refuses(Capability.REPLAY_FROM_POSITION, topic, StartAt.after(new Position("1")))) {
            return;
        }
        var seen = new Inbox();
        Subscription first = lapwing.subscribe(topic).handle(seen);
        var texts = bench().publishNumbered(topic, 0, 12);
        bench().await(() -> assertThat(seen.texts()).hasSameSizeAs(texts));
        first.close();
        texts.addAll(bench().publishNumbered(topic, 12, 15));
        for (int at = 0; at < 12; at += 3) {
            Position position = seen.all().get(at).delivery().position().orElseThrow();
            List<String> rest = new ArrayList<>(texts);
            rest.removeAll(seen.texts().subList(0, at + 1));
            var resumed = new Inbox();
            Subscription second =
                    lapwing.subscribe(topic).from(StartAt.after(position)).handle(resumed);
            bench().awaitAndHold(() ->
                    assertThat(resumed.texts()).containsExactlyInAnyOrderElementsOf(rest));
            second.close();
        }
    }

    /** It was printed, stored, and read again. */
    @Check(
            proves = {Clause.RESUME, Clause.COMPARABLE},
            flaw = "calls positions comparable that are not whole numbers that grow")
    default void comparablePositionsGrow() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("grow");
        if (!bench().offers(Capability.COMPARABLE_POSITIONS)) {
            return;
        }
        var inbox = new Inbox();
        lapwing.subscribe(topic).handle(inbox);
        bench().publishNumbered(topic, 0, 20);
        bench().await(() -> assertThat(inbox.all()).hasSize(20));
        List<Long> numbers =
                inbox.all().stream()
                        .map(each -> Long.valueOf(each.delivery().position().orElseThrow().token()))
                        .toList();
        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    /** Behind a moment in the middle. */
    @Check(
            proves = {Clause.REPLAY, Clause.DECLARED},
            flaw = "ignores the time at which a replay shall begin")
    default void replayBeginsAtATime() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("time");
        if (refuses(Capability.REPLAY_FROM_TIME, topic, StartAt.time(Instant.EPOCH))) {
            return;
        }
        bench().publishNumbered(topic, 0, 5);
        Instant middle = Instant.now().plusMillis(20);
        bench().await(() -> assertThat(Instant.now()).isAfter(middle.plusMillis(20)));
        var late = bench().publishNumbered(topic, 5, 10);
        var inbox = new Inbox();
        lapwing.subscribe(topic).from(StartAt.time(middle)).handle(inbox);
        bench().awaitAndHold(
                        () -> assertThat(inbox.texts()).containsExactlyInAnyOrderElementsOf(late));
    }

    /** A token of another kind. */
    @Check(
            proves = {Clause.RESUME, Clause.BAD_INPUT},
            flaw = "takes a position that it never gave out")
    default void foreignPositionIsRefused() {
        Lapwing lapwing = bench().lapwing();
        String topic = bench().topic("bad");
        Position bad = new Position("no-such-position-&-never-was");
        if (refuses(Capability.REPLAY_FROM_POSITION, topic, StartAt.after(bad))) {
            return;
        }
        assertThatThrownBy(
                        () -> lapwing.subscribe(topic).from(StartAt.after(bad)).handle(new Inbox()))
                .isInstanceOf(LapwingException.class)
                .hasMessageContaining(bad.token());
    }

    private boolean refuses(Capability capability, String topic, StartAt start) {
        return !bench().offers(
                        capability,
                        () -> bench().lapwing().subscribe(topic).from(start).handle(new Inbox()));
    }
}
