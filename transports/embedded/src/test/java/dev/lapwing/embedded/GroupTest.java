// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Settlement;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** What groups promise, seen from a receiver. */
final class GroupTest {
    private TestEngine engine = TestEngine.inMemory();

    @AfterEach
    void close() {
        engine.close();
    }

    private void publish(int count) {
        IntStream.range(0, count).forEach(number -> engine.publish("t", "" + number));
    }

    private long lag() {
        return engine.administration.groups("t").getFirst().lag();
    }

    @Test
    void everyGroupGetsEveryMessageOnce() {
        Collector one = engine.join("t", "one", StartAt.now());
        Collector two = engine.join("t", "two", StartAt.now());
        publish(3);
        assertThat(one.takeTexts(3)).containsExactly("0", "1", "2");
        assertThat(two.takeTexts(3)).containsExactly("0", "1", "2");
    }

    @Test
    void membersShareInEqualParts() {
        publish(100);
        Collector one = engine.join("t", "g", StartAt.earliest(), 0);
        Collector two = engine.join("t", "g", StartAt.now(), 0);
        one.receiver.grant(25);
        two.receiver.grant(25);
        assertThat(one.take(25)).hasSize(25);
        assertThat(two.take(25)).hasSize(25);
        assertThat(engine.administration.groups("t").getFirst().inFlight()).isEqualTo(50);
        assertThat(engine.administration.groups("t").getFirst().members()).isEqualTo(2);
    }

    @Test
    void nothingIsDeliveredBeyondTheCredit() {
        publish(10);
        Collector member = engine.join("t", "g", StartAt.earliest(), 3);
        assertThat(member.takeTexts(3)).containsExactly("0", "1", "2");
        member.receiver.grant(2);
        assertThat(member.takeTexts(2)).containsExactly("3", "4");
        assertThat(member.delivered).isEmpty();
    }

    @Test
    void settledMessagesAreOverForGood() {
        publish(3);
        Collector member = engine.join("t", "g", StartAt.earliest());
        List<Received> all = member.take(3);
        assertThat(member.ack(all.get(0), all.get(2)).stale()).isEmpty();
        assertThat(lag()).isEqualTo(1);
        engine = engine.reopen();
        assertThat(lag()).isEqualTo(1);
        Collector again = engine.join("t", "g", StartAt.earliest());
        assertThat(again.takeTexts(1)).containsExactly("1");
        publish(1);
        assertThat(again.takeTexts(1)).containsExactly("0");
    }

    @Test
    void givenBackNowComesAtOnceToAnyMemberAsTheNextAttempt() {
        publish(1);
        Collector one = engine.join("t", "g", StartAt.earliest(), 1);
        Received first = one.take();
        assertThat(first.attempt()).isEqualTo(1);
        Collector two = engine.join("t", "g", StartAt.earliest());
        one.giveBack(Duration.ZERO, true, first);
        Received second = two.take();
        assertThat(second.attempt()).isEqualTo(2);
        assertThat(second.message().id()).isEqualTo(first.message().id());
        two.giveBack(Duration.ZERO, false, second);
        assertThat(two.take().attempt()).isEqualTo(2);
    }

    @Test
    void givenBackForLaterComesWhenThePauseIsOver() {
        publish(2);
        Collector member = engine.join("t", "g", StartAt.earliest());
        List<Received> both = member.take(2);
        member.giveBack(Duration.ofMinutes(5), true, both.get(0));
        member.giveBack(Duration.ofMinutes(1), true, both.get(1));
        engine.pass(Duration.ofSeconds(59));
        assertThat(member.delivered).isEmpty();
        engine.pass(Duration.ofSeconds(1));
        assertThat(member.take().message().text()).isEqualTo("1");
        engine.pass(Duration.ofMinutes(4));
        assertThat(member.take().message().text()).isEqualTo("0");
    }

    @Test
    void pauseAndAttemptsSurviveARestart() {
        publish(2);
        Collector member = engine.join("t", "g", StartAt.earliest());
        List<Received> both = member.take(2);
        member.giveBack(Duration.ofMinutes(5), true, both.get(0));
        member.giveBack(Duration.ZERO, true, both.get(1));
        Received again = member.take();
        member.giveBack(Duration.ZERO, true, again);
        engine = engine.reopen();
        Collector later = engine.join("t", "g", StartAt.earliest());
        Received second = later.take();
        assertThat(second.message().text()).isEqualTo("1");
        assertThat(second.attempt()).isEqualTo(3);
        assertThat(later.delivered).isEmpty();
        engine.pass(Duration.ofMinutes(5));
        Received first = later.take();
        assertThat(first.message().text()).isEqualTo("0");
        assertThat(first.attempt()).isEqualTo(2);
    }

    @Test
    void expiredLeaseIsToldAndTheMessageComesAgain() {
        publish(1);
        Collector one = engine.join("t", "g", StartAt.earliest(), 1);
        Received first = one.take();
        Collector two = engine.join("t", "g", StartAt.earliest());
        engine.pass(TestEngine.LEASE);
        Received second = two.take();
        assertThat(second.attempt()).isEqualTo(2);
        await().until(() -> one.lost.size() == 1);
        assertThat(one.lost.peek()).isSameAs(first);
        assertThat(one.ack(first).stale()).hasSize(1);
        assertThat(lag()).isEqualTo(1);
        assertThat(two.ack(second).stale()).isEmpty();
        assertThat(lag()).isZero();
    }

    @Test
    void extendedLeaseHoldsOn() {
        publish(2);
        Collector member = engine.join("t", "g", StartAt.earliest());
        List<Received> both = member.take(2);
        engine.pass(Duration.ofSeconds(20));
        member.settle(
                new Settlement.Extend(Duration.ofSeconds(30)), List.of((Received) both.get(0)));
        engine.pass(Duration.ofSeconds(20));
        await().until(() -> member.lost.size() == 1);
        assertThat(member.lost.peek()).isSameAs(both.get(1));
        assertThat(member.ack(both.get(0)).stale()).isEmpty();
        engine.pass(Duration.ofSeconds(20));
        assertThat(member.lost).hasSize(1);
    }

    @Test
    void wallClockJumpsDoNotEndLeases() {
        publish(1);
        Collector member = engine.join("t", "g", StartAt.earliest());
        Received only = member.take();
        engine.clock.jump(Duration.ofDays(3650));
        engine.pass(Duration.ofSeconds(1));
        engine.clock.jump(Duration.ofDays(-7300));
        engine.pass(Duration.ofSeconds(1));
        assertThat(member.ack(only).stale()).isEmpty();
        assertThat(member.lost).isEmpty();
    }

    @Test
    void leavingGivesBackAtOnceAndUncounted() {
        publish(2);
        Collector one = engine.join("t", "g", StartAt.earliest());
        one.take(2);
        Collector two = engine.join("t", "g", StartAt.earliest());
        one.close();
        List<Received> again = two.take(2);
        assertThat(again).extracting(Received::attempt).containsExactly(1, 1);
        assertThat(one.ack(again.getFirst()).stale()).hasSize(1);
    }

    @Test
    void settlingTwiceIsStale() {
        publish(1);
        Collector member = engine.join("t", "g", StartAt.earliest());
        Received only = member.take();
        assertThat(member.ack(only).stale()).isEmpty();
        assertThat(member.ack(only).stale()).hasSize(1);
        assertThat(member.giveBack(Duration.ZERO, true, only).stale()).hasSize(1);
    }

    @Test
    void stopEndsDeliveryButNotSettling() {
        publish(3);
        Collector member = engine.join("t", "g", StartAt.earliest(), 1);
        Received first = member.take();
        member.receiver.stop().join();
        member.receiver.grant(10);
        Collector other = engine.join("t", "g", StartAt.earliest());
        assertThat(other.takeTexts(2)).containsExactly("1", "2");
        assertThat(member.ack(first).stale()).isEmpty();
        assertThat(member.delivered).isEmpty();
    }

    @Test
    void groupOverAPatternSeesTopicsToCome() {
        engine.publish("orders.a", "before");
        Collector member = engine.join("orders.*", "g", StartAt.now());
        engine.publish("orders.a", "a");
        engine.publish("orders.b", "b");
        assertThat(member.takeTexts(2)).containsExactlyInAnyOrder("a", "b");
        member.close();
        engine = engine.reopen();
        engine.publish("orders.c", "while nobody was there");
        engine.publish("other.d", "x");
        Collector later = engine.join("orders.*", "g", StartAt.now());
        assertThat(later.takeTexts(3)).contains("while nobody was there", "a", "b");
        assertThat(later.delivered).isEmpty();
    }

    @Test
    void groupBeginsBehindAPositionOrAtATime() {
        publish(3);
        engine.clock.pass(Duration.ofHours(1));
        publish(2);
        StartAt.Time time =
                new StartAt.Time(java.time.Instant.ofEpochMilli(engine.clock.wallMillis()));
        Collector behind = engine.join("t", "p", StartAt.after(new Position("1")));
        assertThat(behind.takeTexts(3)).containsExactly("2", "0", "1");
        Collector at = engine.join("t", "q", time);
        assertThat(at.takeTexts(2)).containsExactly("0", "1");
    }

    @Test
    void positionThatCannotBeIsRefused() {
        publish(2);
        for (String token : List.of("x", "-1", "1.5", "2", "99999999999999999999")) {
            assertThatThrownBy(() -> engine.join("t", "g", StartAt.after(new Position(token))))
                    .as(token)
                    .isInstanceOf(dev.lapwing.InvalidPositionException.class)
                    .hasMessageContaining(token);
        }
        assertThatThrownBy(() -> engine.join("*", "g", StartAt.after(new Position("1"))))
                .isInstanceOf(dev.lapwing.InvalidPositionException.class)
                .hasMessageContaining("pattern");
        assertThat(engine.administration.groups("t")).isEmpty();
    }

    @Test
    void deletingATopicOrAGroupEndsItsMembers() {
        publish(2);
        Collector one = engine.join("t", "one", StartAt.earliest());
        Collector two = engine.join("t", "two", StartAt.earliest());
        Collector tail = engine.read("t", StartAt.earliest());
        List<Received> held = one.take(2);
        engine.administration.deleteGroup("t", "one");
        await().until(() -> one.failures.size() == 1);
        assertThat(one.ack(held.getFirst()).stale()).hasSize(1);
        assertThat(two.failures).isEmpty();
        engine.administration.deleteTopic("t");
        await().until(() -> two.failures.size() == 1 && tail.failures.size() == 1);
        assertThat(engine.administration.topics()).isEmpty();
        engine = engine.reopen();
        assertThat(engine.administration.topics()).isEmpty();
        assertThat(engine.publish("t", "new").position().orElseThrow().token()).isEqualTo("0");
        assertThat(engine.administration.groups("t")).isEmpty();
    }

    @Test
    void messagesThatWereInHandsWhenTheEngineEndedBadlyCountAnAttempt() {
        publish(2);
        Collector member = engine.join("t", "g", StartAt.earliest());
        member.take(2);
        engine.pass(Duration.ofMillis(Loans.MARK_MILLIS));
        await().until(() -> {
            engine.pass(Duration.ofMillis(1));
            return engine.engine
                            .topics()
                            .find("t")
                            .orElseThrow()
                            .group("g")
                            .orElseThrow()
                            .state()
                            .deliveredTo()
                    == 2;
        });
        engine = engine.crash();
        Collector again = engine.join("t", "g", StartAt.earliest());
        assertThat(again.take(2)).extracting(Received::attempt).containsExactly(2, 2);
        // Now they are marked before they are out: a second bad end cannot hide.
        engine = engine.crash();
        Collector third = engine.join("t", "g", StartAt.earliest());
        assertThat(third.take(2)).extracting(Received::attempt).containsExactly(3, 3);
    }

    @Test
    void groupThatLostUnreadMessagesIsTold() {
        publish(10);
        Collector member = engine.join("t", "g", StartAt.earliest(), 3);
        member.take(3);
        engine.engine.topics().find("t").orElseThrow().stream().trim(8);
        await().until(() -> engine.administration.topic("t").orElseThrow().messages() == 2);
        member.receiver.grant(10);
        assertThat(member.takeTexts(2)).containsExactly("8", "9");
        assertThat(member.gaps).hasSize(1);
        assertThat(member.gaps.peek().messages()).isEqualTo(5);
        assertThat(member.gaps.peek().after()).contains(new Position("2"));
    }

    @Test
    void purgedMessagesArePendingNoMore() {
        publish(5);
        engine.join("t", "g", StartAt.earliest(), 0);
        assertThat(engine.administration.peekPending("t", "g", 2))
                .extracting(it -> it.message().text())
                .containsExactly("0", "1");
        assertThat(engine.administration.purge("t")).isEqualTo(5);
        assertThat(lag()).isZero();
    }
}
