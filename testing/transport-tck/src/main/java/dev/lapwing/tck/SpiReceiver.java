// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A receiver with its listener: writes down what comes, and what breaks the rules of coming. */
final class SpiReceiver implements ReceiverListener, AutoCloseable {

    private final List<Received> delivered = new CopyOnWriteArrayList<>();
    private final List<Received> lost = new CopyOnWriteArrayList<>();
    private final List<LapwingException> failures = new CopyOnWriteArrayList<>();
    private final List<String> breaches = new CopyOnWriteArrayList<>();
    private final AtomicLong granted = new AtomicLong();
    private final AtomicInteger inside = new AtomicInteger();
    private final Duration patience;
    private volatile boolean stopped;
    private volatile boolean lingering;
    private final CompletableFuture<Receiver> receiver = new CompletableFuture<>();

    SpiReceiver(Duration patience) {
        this.patience = patience;
    }

    /** Makes each call of the listener take a moment, so that two at once are seen. */
    SpiReceiver lingering() {
        lingering = true;
        return this;
    }

    void attach(Receiver opened) {
        receiver.complete(opened);
    }

    @Override
    public void deliver(List<? extends Received> batch) {
        enter();
        if (stopped) {
            breaches.add("delivered " + batch + " after stop() had completed");
        }
        delivered.addAll(batch);
        if (delivered.size() > granted.get()) {
            breaches.add(
                    "delivered %d with credit for %d".formatted(delivered.size(), granted.get()));
        }
        leave();
    }

    @Override
    public void lost(List<? extends Received> deliveries, String reason) {
        enter();
        lost.addAll(deliveries);
        if (reason.isBlank()) {
            breaches.add("lost deliveries without a reason");
        }
        leave();
    }

    @Override
    public void gap(Gap gap) {}

    @Override
    public void failed(LapwingException cause) {
        failures.add(cause);
    }

    private void enter() {
        if (inside.getAndIncrement() > 0) {
            breaches.add("called the listener from two threads at once");
        }
    }

    private void leave() {
        if (lingering) {
            LockSupport.parkNanos(200_000);
        }
        inside.decrementAndGet();
    }

    SpiReceiver grant(int deliveries) {
        granted.addAndGet(deliveries);
        receiver.join().grant(deliveries);
        return this;
    }

    SettleReport settle(Settlement settlement, List<? extends Received> deliveries) {
        return SpiLink.get(receiver.join().settle(settlement, deliveries), patience);
    }

    SettleReport ack(Received... deliveries) {
        return settle(new Settlement.Ack(), List.of(deliveries));
    }

    SettleReport giveBack(Duration pause, boolean failed, Received... deliveries) {
        return settle(new Settlement.GiveBack(pause, failed), List.of(deliveries));
    }

    void stop() {
        SpiLink.get(receiver.join().stop(), patience);
        stopped = true;
    }

    List<Received> delivered() {
        return List.copyOf(delivered);
    }

    Received delivered(int at) {
        return delivered.get(at);
    }

    List<String> texts() {
        return delivered.stream().map(each -> each.message().text()).toList();
    }

    List<Received> lost() {
        return List.copyOf(lost);
    }

    List<LapwingException> failures() {
        return List.copyOf(failures);
    }

    /** What the transport did that the contract forbids. */
    List<String> breaches() {
        return List.copyOf(breaches);
    }

    @Override
    public void close() {
        receiver.join().close();
    }
}
