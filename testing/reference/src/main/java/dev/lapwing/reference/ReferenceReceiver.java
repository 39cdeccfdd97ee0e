// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Capability;
import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A receiver: its credit, and what is about to be delivered to it. */
final class ReferenceReceiver implements Receiver {

    final ReceiverRequest request;
    final ResumePoint seen = new ResumePoint();

    private final BrokerState broker;
    private final ReferenceTransport transport;
    private final ReceiverListener listener;
    private final Set<Ledger> joined = new LinkedHashSet<>();
    private final Map<ReferenceTopic, Ledger> own = new LinkedHashMap<>();
    private final List<ReferenceDelivery> batch = new ArrayList<>();
    private long credit;
    private boolean stopped;
    private boolean closed;

    ReferenceReceiver(
            BrokerState broker,
            ReferenceTransport transport,
            ReceiverRequest request,
            ReceiverListener listener) {
        this.broker = broker;
        this.transport = transport;
        this.request = request;
        this.listener = listener;
    }

    @Override
    public void grant(int deliveries) {
        broker.loop.execute(() -> {
            credit += deliveries;
            List.copyOf(joined).forEach(Ledger::pump);
        });
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        var report = new CompletableFuture<SettleReport>();
        broker.loop.execute(() -> settleNow(settlement, deliveries, report));
        return report;
    }

    private void settleNow(
            Settlement settlement,
            List<? extends Received> deliveries,
            CompletableFuture<SettleReport> report) {
        var stale = new ArrayList<ReferenceDelivery>();
        try {
            for (Received received : deliveries) {
                var delivery = (ReferenceDelivery) received;
                if (broker.settles() && !delivery.ledger.settle(settlement, delivery)) {
                    stale.add(delivery);
                }
            }
            report.complete(new SettleReport(broker.confirmsAcks(), stale));
            List.copyOf(joined).forEach(Ledger::pump);
        } catch (LapwingException e) {
            report.completeExceptionally(e);
        }
    }

    @Override
    public CompletableFuture<Void> stop() {
        var done = new CompletableFuture<Void>();
        broker.loop.execute(() -> {
            stopped = true;
            done.complete(null);
        });
        return done;
    }

    @Override
    public void close() {
        broker.loop.run(this::closeNow);
    }

    void closeNow() {
        if (!closed) {
            closed = true;
            detach();
            own.forEach((topic, ledger) -> topic.ownLedgers.remove(ledger));
            transport.receivers.remove(this);
        }
    }

    /** Takes its place in every topic that it wants, when it opens and after a reconnect. */
    void attach() {
        broker.topicsOf(request.topics()).forEach(this::attach);
    }

    void attach(ReferenceTopic topic) {
        Ledger ledger =
                request.group()
                        .map(group -> broker.groupLedger(topic, group, request.start()))
                        .orElseGet(() ->
                                own.computeIfAbsent(
                                        topic, any -> broker.ownLedger(topic, request.start())));
        if (joined.add(ledger)) {
            ledger.join(this);
        }
    }

    /** Gives everything back. */
    private List<ReferenceDelivery> detach() {
        var taken = new ArrayList<ReferenceDelivery>();
        for (Ledger ledger : List.copyOf(joined)) {
            joined.remove(ledger);
            taken.addAll(ledger.leave(this));
        }
        return taken;
    }

    void linkBroke(String reason) {
        lose(detach(), reason);
        if (!broker.has(Capability.REPLAY)) {
            own.forEach((topic, ledger) -> topic.ownLedgers.remove(ledger));
            own.clear();
        }
    }

    void topicIsGone(ReferenceTopic topic, Ledger ledger) {
        if (joined.remove(ledger)) {
            lose(ledger.takeBack(this), "topic '" + topic.name + "' was deleted");
            own.remove(topic);
            if (!request.topics().isPattern()) {
                closeNow();
                listener.failed(
                        new LapwingException(
                                "Topic '%s' was deleted; subscribe again to begin anew"
                                        .formatted(topic.name)));
            }
        }
    }

    boolean hasRoom() {
        return !stopped && !closed && credit > 0;
    }

    void take(ReferenceDelivery delivery) {
        credit--;
        batch.add(delivery);
    }

    void flush() {
        if (!batch.isEmpty()) {
            List<ReferenceDelivery> deliveries = List.copyOf(batch);
            batch.clear();
            listener.deliver(deliveries);
        }
    }

    void lose(List<ReferenceDelivery> deliveries, String reason) {
        if (!deliveries.isEmpty() && !closed) {
            listener.lost(deliveries, reason);
        }
    }

    void gap(Gap gap) {
        listener.gap(gap);
    }

    void fail(LapwingException cause) {
        closeNow();
        listener.failed(cause);
    }
}
