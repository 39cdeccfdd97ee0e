// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.awaitility.Awaitility.await;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that keeps what it hears, and the receiver that it listens to. */
final class Collector implements ReceiverListener, AutoCloseable {
    final Queue<Received> delivered = new ConcurrentLinkedQueue<>();
    final Queue<Received> lost = new ConcurrentLinkedQueue<>();
    final Queue<Gap> gaps = new ConcurrentLinkedQueue<>();
    final Queue<LapwingException> failures = new ConcurrentLinkedQueue<>();
    volatile Receiver receiver;
    private final AtomicInteger calls = new AtomicInteger();

    private void once(Runnable event) {
        if (calls.incrementAndGet() != 1) {
            throw new IllegalStateException("the listener was called by two threads at once");
        }
        event.run();
        calls.decrementAndGet();
    }

    @Override
    public void deliver(List<? extends Received> batch) {
        once(() -> delivered.addAll(batch));
    }

    @Override
    public void lost(List<? extends Received> deliveries, String reason) {
        once(() -> lost.addAll(deliveries));
    }

    @Override
    public void gap(Gap gap) {
        once(() -> gaps.add(gap));
    }

    @Override
    public void failed(LapwingException cause) {
        once(() -> failures.add(cause));
    }

    /** Waits for so many deliveries, and takes them. */
    List<Received> take(int count) {
        await().until(() -> delivered.size() >= count);
        return java.util.stream.Stream.generate(delivered::poll).limit(count).toList();
    }

    Received take() {
        return take(1).getFirst();
    }

    List<String> takeTexts(int count) {
        return take(count).stream().map(it -> it.message().text()).toList();
    }

    SettleReport settle(Settlement settlement, List<Received> deliveries) {
        return receiver.settle(settlement, deliveries).orTimeout(20, TimeUnit.SECONDS).join();
    }

    SettleReport ack(Received... deliveries) {
        return settle(new Settlement.Ack(), List.of(deliveries));
    }

    SettleReport giveBack(Duration pause, boolean failed, Received... deliveries) {
        return settle(new Settlement.GiveBack(pause, failed), List.of(deliveries));
    }

    @Override
    public void close() {
        receiver.close();
    }
}
