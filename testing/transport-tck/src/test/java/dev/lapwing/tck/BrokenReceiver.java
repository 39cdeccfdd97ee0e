// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A receiver that is right: it hands everything on. A flaw is a subclass. */
class BrokenReceiver implements Receiver, ReceiverListener {

    final BrokenTransport transport;
    final ReceiverRequest request;
    final ReceiverListener listener;
    private final CompletableFuture<Receiver> inner = new CompletableFuture<>();
    private final Map<Received, Delivered> outside = new ConcurrentHashMap<>();

    BrokenReceiver(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
        this.transport = transport;
        this.request = request;
        this.listener = listener;
    }

    void open() {
        inner.complete(transport.inner.receive(request, this));
    }

    Receiver inner() {
        return inner.join();
    }

    /** A delivery with the message that the flaw makes of it. */
    record Delivered(Received inside, Message message, BrokenReceiver receiver)
            implements Received {
        @Override
        public Optional<Position> position() {
            return receiver.position(inside);
        }

        @Override
        public int attempt() {
            return receiver.attempt(inside);
        }

        @Override
        public int partition() {
            return inside.partition();
        }
    }

    Optional<Position> position(Received inside) {
        return inside.position();
    }

    int attempt(Received inside) {
        return inside.attempt();
    }

    final Received outside(Received inside) {
        return outside.computeIfAbsent(
                inside, any -> new Delivered(inside, transport.incoming(inside.message()), this));
    }

    final List<Received> outside(List<? extends Received> inside) {
        return inside.stream().map(this::outside).toList();
    }

    static List<Received> inside(List<? extends Received> deliveries) {
        return deliveries.stream().map(each -> ((Delivered) each).inside()).toList();
    }

    @Override
    public void deliver(List<? extends Received> batch) {
        listener.deliver(outside(batch));
    }

    @Override
    public void lost(List<? extends Received> deliveries, String reason) {
        listener.lost(outside(deliveries), reason);
    }

    @Override
    public void gap(Gap gap) {
        listener.gap(gap);
    }

    @Override
    public void failed(LapwingException cause) {
        listener.failed(cause);
    }

    @Override
    public void grant(int deliveries) {
        inner().grant(deliveries);
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return inner().settle(settlement, inside(deliveries))
                .thenApply(report -> new SettleReport(report.confirmed(), outside(report.stale())));
    }

    static CompletableFuture<SettleReport> done() {
        return CompletableFuture.completedFuture(SettleReport.allConfirmed());
    }

    @Override
    public CompletableFuture<Void> stop() {
        return inner().stop();
    }

    @Override
    public void close() {
        inner().close();
    }
}
