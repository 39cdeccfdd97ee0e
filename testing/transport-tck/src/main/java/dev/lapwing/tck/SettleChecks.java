// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What settling does, seen below the runtime. */
public interface SettleChecks extends Conformance {

    /** A group that has acked everything is empty for whoever comes next. */
    @Check(proves = Clause.ACK, flaw = "delivers again what was acknowledged")
    default void ackedMessageNeverComesAgain() {
        try (var scene = SettleScene.open(bench(), 5)) {
            if (scene.refused()) {
                return;
            }
            scene.member().settle(new Settlement.Ack(), scene.inOrder());
            scene.member().close();
            SpiReceiver next = scene.anotherMember().grant(100);
            bench().awaitAndHold(() -> assertThat(next.texts()).isEmpty());
        }
    }

    /** Delivered is not acked. */
    @Check(
            proves = {Clause.ACK, Clause.GROUP_REMEMBERS},
            flaw = "acknowledges a message by delivering it")
    default void deliveredAndNotAckedComesAgain() {
        try (var scene = SettleScene.open(bench(), 3)) {
            if (scene.refused()) {
                return;
            }
            scene.member().close();
            SpiReceiver next = scene.anotherMember().grant(100);
            bench().awaitAndHold(() ->
                    assertThat(next.texts()).containsExactlyInAnyOrder("m0", "m1", "m2"));
        }
    }

    /** The one before a success is still open. */
    @Check(
            proves = {Clause.ACK, Clause.FLOOR},
            flaw = "commits past a failure: a later ack takes an earlier message with it")
    default void ackTakesNoOtherMessageWithIt() {
        try (var scene = SettleScene.open(bench(), 3)) {
            if (scene.refused()) {
                return;
            }
            if (scene.unit() == SettleUnit.FLOOR) {
                assertFloorTakesOnlyWhatIsBelow(scene);
                return;
            }
            Received middle = scene.withText("m1");
            scene.member().ack(middle);
            scene.member().close();
            SpiReceiver next = scene.anotherMember().grant(100);
            bench().awaitAndHold(
                            () -> assertThat(next.texts()).containsExactlyInAnyOrder("m0", "m2"));
        }
    }

    private void assertFloorTakesOnlyWhatIsBelow(SettleScene scene) {
        Received middle = scene.withText("m1");
        scene.member().ack(middle);
        List<String> above =
                scene.inOrder().stream()
                        .filter(delivery ->
                                delivery.partition() != middle.partition()
                                        || scene.inOrder().indexOf(delivery)
                                                > scene.inOrder().indexOf(middle))
                        .map(delivery -> delivery.message().text())
                        .toList();
        scene.member().close();
        SpiReceiver next = scene.anotherMember().grant(100);
        bench().awaitAndHold(
                        () -> assertThat(next.texts()).containsExactlyInAnyOrderElementsOf(above));
    }

    /** Given back at once, it comes at once. */
    @Check(
            proves = {Clause.GIVE_BACK, Clause.ATTEMPTS},
            flaw = "swallows what is given back")
    default void givenBackComesAgainAtOnce() {
        try (var scene = SettleScene.open(bench(), 1)) {
            if (scene.refused() || !scene.offersNatively(Capability.GIVE_BACK)) {
                return;
            }
            scene.member().grant(5).giveBack(Duration.ZERO, true, scene.withText("m0"));
            bench().awaitAndHold(
                            () -> assertThat(scene.member().texts()).containsExactly("m0", "m0"));
            assertThat(scene.member().delivered(1).attempt())
                    .as("attempt of a message that failed once")
                    .isEqualTo(scene.link().has(Capability.COUNTS_ATTEMPTS) ? 2 : 1);
        }
    }

    /** However often; and a broker that will drop it says so of the last delivery. */
    @Check(
            proves = {Clause.GIVE_BACK, Clause.EXACT_ACCOUNT},
            flaw = "drops in silence what is given back again and again")
    default void givenBackAgainAndAgainIsNotDroppedInSilence() {
        try (var scene = SettleScene.open(bench(), 1)) {
            if (scene.refused() || !scene.offersNatively(Capability.GIVE_BACK)) {
                return;
            }
            int times = 12;
            SpiReceiver member = scene.member().grant(times);
            for (int given = 0; given < times; given++) {
                Received newest = member.delivered(given);
                if (newest.isLastDelivery()) {
                    return;
                }
                int before = given + 1;
                member.giveBack(Duration.ZERO, true, newest);
                bench().await(() -> assertThat(member.delivered()).hasSizeGreaterThan(before));
            }
        }
    }

    /** What no handler had does not count. */
    @Check(
            proves = {Clause.ATTEMPTS, Clause.DRAIN},
            flaw = "counts an attempt for what was given back untried")
    default void givenBackUntriedCountsNoAttempt() {
        try (var scene = SettleScene.open(bench(), 2)) {
            if (scene.refused()) {
                return;
            }
            if (scene.link().has(Capability.GIVE_BACK)) {
                scene.member().giveBack(Duration.ZERO, false, scene.withText("m1"));
            }
            scene.member().close();
            SpiReceiver next = scene.anotherMember().grant(100);
            bench().await(() -> assertThat(next.texts()).containsExactlyInAnyOrder("m0", "m1"));
            assertThat(next.delivered()).extracting(Received::attempt).containsOnly(1);
        }
    }

    /** Not before its pause, and then. */
    @Check(
            proves = Clause.GIVE_BACK,
            flaw = "brings back at once, or never, what was given back for later")
    default void givenBackForLaterComesLater() {
        try (var scene = SettleScene.open(bench(), 1)) {
            if (scene.refused() || !scene.offersNatively(Capability.GIVE_BACK_LATER)) {
                return;
            }
            long before = System.nanoTime();
            Duration pause = bench().pace().pause();
            scene.member().grant(5).giveBack(pause, true, scene.withText("m0"));
            bench().await(() -> assertThat(scene.member().texts()).containsExactly("m0", "m0"));
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .as("time until it came again")
                    .isGreaterThanOrEqualTo(pause.minus(SettleScene.CLOCK_GRAIN));
        }
    }

    /** The first word counts. */
    @Check(
            proves = {Clause.ACK, Clause.STALE},
            flaw = "undoes an ack, or fails, when a delivery is settled twice")
    default void secondSettleChangesNothing() {
        try (var scene = SettleScene.open(bench(), 2)) {
            if (scene.refused()) {
                return;
            }
            scene.member().settle(new Settlement.Ack(), scene.inOrder());
            Settlement second =
                    scene.link().has(Capability.GIVE_BACK)
                            ? new Settlement.GiveBack(Duration.ZERO, false)
                            : new Settlement.Ack();
            scene.member().settle(second, scene.inOrder());
            scene.member().close();
            SpiReceiver next = scene.anotherMember().grant(100);
            bench().awaitAndHold(() -> assertThat(next.texts()).isEmpty());
            assertThat(scene.member().failures()).isEmpty();
        }
    }

    /** Ten threads, backwards. */
    @Check(
            proves = {Clause.SETTLE_ANYWHERE, Clause.THREADS},
            flaw = "cannot be settled from another thread or in another order")
    default void settlingIsLegalFromAnyThreadInAnyOrder() {
        try (var scene = SettleScene.open(bench(), 10)) {
            if (scene.refused()) {
                return;
            }
            List<CompletableFuture<SettleReport>> reports =
                    Collections.unmodifiableList(scene.inOrder()).reversed().stream()
                            .map(delivery ->
                                    CompletableFuture.supplyAsync(
                                            () -> scene.member().ack(delivery)))
                            .toList();
            reports.forEach(report -> assertThat(bench().get(report).stale()).isEmpty());
            scene.member().close();
            SpiReceiver next = scene.anotherMember().grant(100);
            bench().awaitAndHold(() -> assertThat(next.texts()).isEmpty());
            assertThat(scene.member().breaches()).isEmpty();
        }
    }

    /** The report and the table agree. */
    @Check(
            proves = {Clause.CONFIRMED_ACK, Clause.DECLARED},
            flaw = "calls acks confirmed without declaring it, or declares it without confirming")
    default void ackIsConfirmedWhereDeclared() {
        try (var scene = SettleScene.open(bench(), 1)) {
            if (scene.refused()) {
                return;
            }
            SettleReport report = scene.member().ack(scene.withText("m0"));
            assertThat(report.confirmed())
                    .as(
                            "confirmed, with CONFIRMED_ACK %s",
                            scene.link().has(Capability.CONFIRMED_ACK))
                    .isEqualTo(scene.link().has(Capability.CONFIRMED_ACK));
        }
    }

    /** After close, settling is late and nothing worse. */
    @Check(proves = Clause.STALE, flaw = "fails, or acts, when a closed receiver settles late")
    default void settlingAfterCloseIsStale() {
        try (var scene = SettleScene.open(bench(), 2)) {
            if (scene.refused()) {
                return;
            }
            scene.member().close();
            SettleReport report = scene.member().settle(new Settlement.Ack(), scene.inOrder());
            assertThat(SettleScene.stale(report))
                    .containsExactlyInAnyOrderElementsOf(scene.inOrder());
            SpiReceiver next = scene.anotherMember().grant(100);
            bench().await(() -> assertThat(next.texts()).containsExactlyInAnyOrder("m0", "m1"));
        }
    }
}
