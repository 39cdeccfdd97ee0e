// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a receiver tells. */
final class Recorder implements ReceiverListener {

    final List<Received> delivered = new CopyOnWriteArrayList<>();
    final List<Received> lost = new CopyOnWriteArrayList<>();
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    final List<LapwingException> failures = new CopyOnWriteArrayList<>();

    @Override
    public void deliver(List<? extends Received> batch) {
        delivered.addAll(batch);
    }

    @Override
    public void lost(List<? extends Received> deliveries, String reason) {
        lost.addAll(deliveries);
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(gap);
    }

    @Override
    public void failed(LapwingException cause) {
        failures.add(cause);
    }

    List<String> texts() {
        return delivered.stream().map(delivery -> delivery.message().text()).toList();
    }
}
