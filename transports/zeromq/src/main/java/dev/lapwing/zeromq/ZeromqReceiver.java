// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.ClosedException;
import dev.lapwing.Message;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** One subscription: its credit, and what is about to be delivered to it. */
final class ZeromqReceiver implements Receiver {

    private final ZeromqLoop loop;
    private final ZeromqInlet inlet;
    private final ReceiverListener listener;
    private final TopicPattern topics;
    private final AtomicLong granted = new AtomicLong();

    // used on the loop only
    private long taken;
    private boolean stopped;
    private List<ZeromqDelivery> batch = new ArrayList<>();

    ZeromqReceiver(
            ZeromqLoop loop,
            ZeromqInlet inlet,
            ReceiverRequest request,
            ReceiverListener listener) {
        this.loop = loop;
        this.inlet = inlet;
        this.listener = listener;
        topics = request.topics();
    }

    TopicPattern topics() {
        return topics;
    }

    boolean hasCredit() {
        return !stopped && taken < granted.get();
    }

    boolean wants(Message message) {
        return !stopped && topics.matches(message.topic());
    }

    void take(Message message) {
        taken++;
        batch.add(new ZeromqDelivery(message));
    }

    /** Delivers what was taken. */
    void flush() {
        if (!batch.isEmpty()) {
            List<ZeromqDelivery> deliveries = batch;
            batch = new ArrayList<>();
            listener.deliver(deliveries);
        }
    }

    @Override
    public void grant(int deliveries) {
        granted.addAndGet(deliveries);
        loop.wake();
    }

    /** There is nothing to settle: what was delivered is nobody's any more. */
    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(SettleReport.allUnconfirmed());
    }

    @Override
    public CompletableFuture<Void> stop() {
        var done = new CompletableFuture<Void>();
        loop.execute(() -> {
            stopped = true;
            done.complete(null);
        });
        return done;
    }

    @Override
    public void close() {
        try {
            boolean unused =
                    loop.call(() -> {
                        stopped = true;
                        inlet.remove(this);
                        return true;
                    });
        } catch (ClosedException e) {
            stopped = true;
        }
    }
}
