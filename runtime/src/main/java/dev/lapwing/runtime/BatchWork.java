// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.BatchHandler;
import dev.lapwing.Delivery;
import dev.lapwing.Outcome;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Hands whatever has queued up to a handler at once, up to the size of a batch. A batch waits for
 * more only if it was asked to.
 */
record BatchWork(BatchHandler handler, Lanes lanes, long waitNanos) implements HandlerWorkers.Work {

    @Override
    public void run(LiveDelivery[] taken, int count, int recalls) {
        int filled =
                waitNanos > 0 && count < taken.length ? lanes.fill(taken, count, waitNanos) : count;
        if (lanes.recalls() != recalls) {
            lanes.putBack(taken, 0, filled);
            return;
        }
        var deliveries = List.of(Arrays.copyOf(taken, filled));
        handle(begin(deliveries));
        deliveries.forEach(LiveDelivery::finish);
        deliveries.forEach(delivery -> delivery.disposition().carryOut(delivery));
    }

    private static List<LiveDelivery> begin(List<LiveDelivery> deliveries) {
        var batch = new ArrayList<LiveDelivery>(deliveries.size());
        for (LiveDelivery delivery : deliveries) {
            if (!delivery.begin(Thread.currentThread())) {
                continue;
            }
            Outcome unseen = delivery.disposition().unseen(delivery);
            if (unseen != null) {
                delivery.decide(unseen);
            } else {
                batch.add(delivery);
            }
        }
        return batch;
    }

    private void handle(List<LiveDelivery> batch) {
        if (batch.isEmpty()) {
            return;
        }
        Outcome rest = Outcome.accept();
        try {
            handler.handle(Collections.unmodifiableList(new ArrayList<Delivery>(batch)));
        } catch (Throwable e) {
            rest = MessageWork.failed(batch.getFirst(), e);
        }
        for (LiveDelivery delivery : batch) {
            delivery.decide(rest);
        }
    }
}
