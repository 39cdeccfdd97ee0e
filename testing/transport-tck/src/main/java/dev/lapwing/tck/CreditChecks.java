// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.StartAt;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Credit, stopping and closing, seen below the runtime. */
public interface CreditChecks extends Conformance {

    /** Nothing for nothing, and each grant for what it says. */
    @Check(proves = Clause.CREDIT, flaw = "delivers beyond its credit")
    default void neverMoreIsDeliveredThanGranted() {
        SpiLink link = bench().spi();
        String topic = bench().topic("credit");
        SpiReceiver receiver = link.alone(topic, StartAt.now());
        link.storeNumbered(topic, 20);
        bench().awaitAndHold(() -> assertThat(receiver.texts()).as("without credit").isEmpty());
        receiver.grant(3);
        bench().awaitAndHold(() -> assertThat(receiver.texts()).as("with credit for 3").hasSize(3));
        receiver.grant(2).grant(1);
        bench().awaitAndHold(() -> assertThat(receiver.texts()).as("with credit for 6").hasSize(6));
        assertThat(receiver.breaches()).isEmpty();
    }

    /** Settling is no grant. */
    @Check(proves = Clause.CREDIT, flaw = "takes a settlement for new credit")
    default void settlingGivesNoCredit() {
        SpiLink link = bench().spi();
        String topic = bench().topic("credit");
        SpiReceiver receiver = link.alone(topic, StartAt.now()).grant(3);
        link.storeNumbered(topic, 10);
        bench().await(() -> assertThat(receiver.delivered()).hasSize(3));
        receiver.settle(new Settlement.Ack(), receiver.delivered());
        bench().awaitAndHold(() -> assertThat(receiver.delivered()).hasSize(3));
        assertThat(receiver.breaches()).isEmpty();
    }

    /** Credit is left when it stops. */
    @Check(proves = Clause.STOP, flaw = "delivers after it was stopped")
    default void nothingIsDeliveredAfterStop() {
        SpiLink link = bench().spi();
        String topic = bench().topic("stop");
        SpiReceiver receiver = link.alone(topic, StartAt.now()).grant(100);
        link.storeNumbered(topic, 3);
        bench().await(() -> assertThat(receiver.delivered()).hasSize(3));
        receiver.stop();
        link.storeNumbered(topic, 3);
        bench().awaitAndHold(() -> assertThat(receiver.delivered()).hasSize(3));
        assertThat(receiver.breaches()).isEmpty();
        SettleReport report = receiver.settle(new Settlement.Ack(), receiver.delivered());
        assertThat(report.stale()).as("settled after stop").isEmpty();
    }

    /** Many senders, many grants, one listener. */
    @Check(
            proves = {Clause.THREADS, Clause.CREDIT},
            flaw = "calls a listener from two threads at once")
    default void listenerIsCalledByOneThreadAtATime() {
        SpiLink link = bench().spi();
        String topic = bench().topic("threads");
        SpiReceiver receiver = link.alone(topic, StartAt.now()).lingering().grant(1);
        var senders =
                IntStream.range(0, 4)
                        .mapToObj(at ->
                                CompletableFuture.runAsync(() -> {
                                    for (int turn = 0; turn < 50; turn++) {
                                        link.store(topic, "m");
                                        receiver.grant(1);
                                    }
                                }))
                        .toList();
        senders.forEach(bench()::get);
        bench().await(() -> assertThat(receiver.delivered()).hasSize(200));
        assertThat(receiver.breaches()).isEmpty();
    }

    /** Closing is quiet. */
    @Check(
            proves = Clause.LIFECYCLE,
            flaw = "delivers after it was closed, or fails when closed twice")
    default void closedReceiverIsQuiet() {
        SpiLink link = bench().spi();
        String topic = bench().topic("closed");
        bench().keep(topic);
        SpiReceiver receiver = link.alone(topic, StartAt.now()).grant(100);
        link.store(topic, "before");
        bench().await(() -> assertThat(receiver.texts()).containsExactly("before"));
        receiver.close();
        receiver.close();
        link.store(topic, "after");
        bench().awaitAndHold(() -> assertThat(receiver.texts()).containsExactly("before"));
    }
}
