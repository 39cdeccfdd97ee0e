// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what a receiver told. */
final class Events implements ReceiverListener {

    final List<String> texts = new CopyOnWriteArrayList<>();
    final List<Received> received = new CopyOnWriteArrayList<>();
    final List<Gap> gaps = new CopyOnWriteArrayList<>();
    volatile Optional<LapwingException> failure = Optional.empty();

    @Override
    public void deliver(List<? extends Received> batch) {
        received.addAll(batch);
        batch.forEach(event -> texts.add(event.message().text()));
    }

    @Override
    public void lost(List<? extends Received> deliveries, String reason) {
        throw new AssertionError("nothing is ever lost: " + reason);
    }

    @Override
    public void gap(Gap gap) {
        gaps.add(gap);
    }

    @Override
    public void failed(LapwingException cause) {
        failure = Optional.of(cause);
    }
}
