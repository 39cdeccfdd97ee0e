// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.SettleReport;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One call of settle, whose deliveries may be with several hands: counts them off, and answers when
 * the last of them is told. Safe for use by many threads.
 */
final class KafkaShareSettle {

    private final CompletableFuture<SettleReport> report = new CompletableFuture<>();
    private final List<Received> stale = new ArrayList<>();
    private int untold;
    private @Nullable LapwingException failure;

    KafkaShareSettle(int deliveries) {
        untold = deliveries;
    }

    CompletableFuture<SettleReport> report() {
        return report;
    }

    void confirmed(int deliveries) {
        told(deliveries, List.of(), null);
    }

    void stale(List<? extends Received> deliveries) {
        told(deliveries.size(), deliveries, null);
    }

    /** Whether these are settled is not known. */
    void unknown(int deliveries, LapwingException cause) {
        told(deliveries, List.of(), cause);
    }

    private void told(
            int deliveries, List<? extends Received> late, @Nullable LapwingException cause) {
        SettleReport whole;
        LapwingException failed;
        synchronized (this) {
            stale.addAll(late);
            failure = cause == null ? failure : cause;
            untold -= deliveries;
            if (untold > 0) {
                return;
            }
            whole = new SettleReport(true, List.copyOf(stale));
            failed = failure;
        }
        if (failed == null) {
            report.complete(whole);
        } else {
            report.completeExceptionally(failed);
        }
    }
}
