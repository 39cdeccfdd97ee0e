// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.SettleReport;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Deliveries that were acked together, and the report that waits for their commit. */
final class KafkaAcks {

    private final List<? extends Received> deliveries;
    private final CompletableFuture<SettleReport> report = new CompletableFuture<>();

    KafkaAcks(List<? extends Received> deliveries) {
        this.deliveries = List.copyOf(deliveries);
    }

    CompletableFuture<SettleReport> report() {
        return report;
    }

    /** Moves the floors of the partitions. */
    void apply() {
        for (Received each : deliveries) {
            var delivery = (KafkaDelivery) each;
            delivery.owner.ack(delivery);
        }
    }

    /** Whether nothing more can become of it: each is committed, or no longer ours. */
    boolean isDone() {
        for (Received each : deliveries) {
            var delivery = (KafkaDelivery) each;
            if (!delivery.owner.isCommitted(delivery) && !delivery.owner.isGone()) {
                return false;
            }
        }
        return true;
    }

    /** What is not committed now is stale. */
    void end() {
        List<? extends Received> stale =
                deliveries.stream()
                        .filter(each -> {
                            var delivery = (KafkaDelivery) each;
                            return !delivery.owner.isCommitted(delivery);
                        })
                        .toList();
        report.complete(
                stale.isEmpty() ? SettleReport.allConfirmed() : new SettleReport(true, stale));
    }

    void fail(LapwingException cause) {
        report.completeExceptionally(cause);
    }
}
