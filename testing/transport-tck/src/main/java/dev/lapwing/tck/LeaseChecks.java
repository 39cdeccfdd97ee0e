// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionState;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.util.List;

/** Deliveries that are lost, and settling that comes too late. */
public interface LeaseChecks extends Conformance {

    /** A silent member loses its delivery to another; where partitions move, to one who joins. */
    @Check(
            proves = {Clause.LOST, Clause.EXTEND, Clause.ATTEMPTS},
            flaw = "never frees what a silent member holds, or does not say that it is lost")
    default void silentMemberLosesItsDeliveriesToAnother() {
        try (var scene = SettleScene.open(bench(), 8, bench().pace().lease())) {
            if (scene.refused() || !losesInSilence(scene)) {
                return;
            }
            SpiReceiver other = scene.anotherMember().grant(10);
            bench().await(() -> assertThat(other.texts()).isNotEmpty());
            bench().await(() ->
                    assertThat(textsOf(scene.member().lost()))
                            .as("announced as lost to the first member")
                            .containsAll(other.texts()));
            assertThat(other.delivered(0).attempt())
                    .as("attempt of a message that was with a silent handler")
                    .isEqualTo(scene.link().has(Capability.COUNTS_ATTEMPTS) ? 2 : 1);
        }
    }

    /** An ack that comes after the loss leaves the message with its new owner. */
    @Check(
            proves = Clause.STALE,
            flaw = "settles stale deliveries: a late ack takes the message from its new owner")
    default void lateAckChangesNothing() {
        try (var scene = SettleScene.open(bench(), 8, bench().pace().lease())) {
            if (scene.refused() || !losesInSilence(scene)) {
                return;
            }
            SpiReceiver other = scene.anotherMember().grant(10);
            bench().await(() -> assertThat(scene.member().lost()).isNotEmpty());
            Received late = scene.member().lost().getLast();
            bench().await(() -> assertThat(other.texts()).contains(late.message().text()));
            assertThat(SettleScene.stale(scene.member().ack(late)))
                    .as("stale settlements in the report")
                    .containsExactly(late);
            other.close();
            scene.member().close();
            SpiReceiver third = scene.anotherMember().grant(10);
            bench().await(() ->
                    assertThat(third.texts())
                            .as("not acked by anyone")
                            .contains(late.message().text()));
        }
    }

    private static List<String> textsOf(List<Received> deliveries) {
        return deliveries.stream().map(delivery -> delivery.message().text()).toList();
    }

    /** Where the broker has no lease on a message, silence is not its business. */
    private static boolean losesInSilence(SettleScene scene) {
        return scene.unit() == SettleUnit.FLOOR || scene.link().has(Capability.EXTEND_LEASE);
    }

    /** A sign of life keeps it. */
    @Check(
            proves = {Clause.EXTEND, Clause.DECLARED},
            flaw = "takes a delivery away although its lease was renewed")
    default void renewedLeaseKeepsTheDelivery() {
        Duration lease = bench().pace().lease();
        try (var scene = SettleScene.open(bench(), 1, lease)) {
            if (scene.refused() || !scene.offersNatively(Capability.EXTEND_LEASE)) {
                return;
            }
            scene.member().settle(new Settlement.Extend(lease.multipliedBy(20)), scene.inOrder());
            SpiReceiver other = scene.anotherMember().grant(10);
            long over = System.nanoTime() + lease.multipliedBy(2).toNanos();
            bench().await(() -> assertThat(System.nanoTime()).isGreaterThan(over));
            bench().awaitAndHold(() -> assertThat(other.texts()).isEmpty());
            assertThat(scene.member().lost()).isEmpty();
            assertThat(scene.member().settle(new Settlement.Ack(), scene.inOrder()).stale())
                    .isEmpty();
        }
    }

    /**
     * What a cut link takes is announced, comes again, and is stale; what it leaves can be settled.
     * Nothing is in between.
     */
    @Check(
            proves = {Clause.LOST, Clause.STALE, Clause.DECLARED_AGAIN},
            flaw = "settles by what a broken link had delivered, or does not announce it as lost")
    default void cutLinkLosesItsDeliveriesOrKeepsThem() {
        try (var scene = SettleScene.open(bench(), 2)) {
            var outage = bench().outage();
            if (scene.refused() || outage.isEmpty()) {
                return;
            }
            List<Received> before = scene.inOrder();
            outage.get().begin();
            scene.link().awaitState(bench(), ConnectionState.Reconnecting.class);
            outage.get().end();
            scene.link().awaitState(bench(), ConnectionState.Connected.class);
            scene.member().grant(10);
            List<Received> stale =
                    SettleScene.stale(scene.member().settle(new Settlement.Ack(), before));
            bench().await(() ->
                    assertThat(scene.member().lost())
                            .as("announced as lost, of what cannot be settled any more")
                            .containsAll(stale));
            bench().await(() ->
                    assertThat(scene.member().texts())
                            .as("delivered, and what was lost once more")
                            .hasSize(2 + stale.size()));
            scene.member().close();
            SpiReceiver next = scene.anotherMember().grant(10);
            bench().awaitAndHold(() ->
                    assertThat(next.texts())
                            .as("left of what could not be settled")
                            .containsExactlyInAnyOrderElementsOf(textsOf(stale)));
        }
    }
}
