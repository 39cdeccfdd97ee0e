// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.spi.Received;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The deliveries of a member that are not settled, with their leases. Safe for many threads. */
final class NatsOpen {

    private final long lease;
    private final long ackWait;
    private final Map<Long, NatsDelivery> open = new LinkedHashMap<>();
    private List<NatsDelivery> lost = new ArrayList<>();

    /**
     * Nothing open.
     *
     * @param lease how long a delivery stays here, in ns
     * @param ackWait how long the server waits, in ns
     */
    NatsOpen(long lease, long ackWait) {
        this.lease = lease;
        this.ackWait = ackWait;
    }

    /** Takes in what has just come; gives what was open under the same number before. */
    synchronized List<NatsDelivery> add(List<NatsDelivery> deliveries) {
        long now = System.nanoTime();
        List<NatsDelivery> replaced = List.of();
        for (NatsDelivery each : deliveries) {
            each.leaseEnds = now + lease;
            each.serverWaits = now + ackWait;
            NatsDelivery before = open.put(each.sequence, each);
            if (before != null) {
                replaced = replaced.isEmpty() ? new ArrayList<>() : replaced;
                replaced.add(before);
            }
        }
        return replaced;
    }

    private boolean isOurs(NatsDelivery each, long now) {
        return open.get(each.sequence) == each && now - each.leaseEnds < 0;
    }

    /** Parts deliveries in those that are still ours, which are taken out, and the others. */
    synchronized void take(
            List<? extends Received> deliveries, List<NatsDelivery> ours, List<Received> stale) {
        long now = System.nanoTime();
        for (Received each : deliveries) {
            if (each instanceof NatsDelivery delivery && isOurs(delivery, now)) {
                open.remove(delivery.sequence);
                ours.add(delivery);
            } else {
                stale.add(each);
            }
        }
    }

    /** Gives those that are still ours a lease from now on. */
    synchronized void extend(
            List<? extends Received> deliveries,
            long nanos,
            List<NatsDelivery> ours,
            List<Received> stale) {
        long now = System.nanoTime();
        for (Received each : deliveries) {
            if (each instanceof NatsDelivery delivery && isOurs(delivery, now)) {
                delivery.leaseEnds = now + nanos;
                delivery.serverWaits = now + ackWait;
                ours.add(delivery);
            } else {
                stale.add(each);
            }
        }
    }

    /** Those that were not lost meanwhile. */
    synchronized List<NatsDelivery> stillOpen(List<NatsDelivery> deliveries) {
        return deliveries.stream().filter(each -> open.get(each.sequence) == each).toList();
    }

    /** Takes out those whose lease has run out. */
    synchronized List<NatsDelivery> late() {
        long now = System.nanoTime();
        var late = new ArrayList<NatsDelivery>();
        for (NatsDelivery each : open.values()) {
            if (now - each.leaseEnds >= 0) {
                late.add(each);
            }
        }
        late.forEach(each -> open.remove(each.sequence));
        return late;
    }

    /** Those with a longer lease than the server knows of, which has to hear a sign of life. */
    synchronized List<NatsDelivery> due() {
        long now = System.nanoTime();
        var due = new ArrayList<NatsDelivery>();
        for (NatsDelivery each : open.values()) {
            if (each.leaseEnds - each.serverWaits > 0 && each.serverWaits - now < ackWait / 2) {
                each.serverWaits = now + ackWait;
                due.add(each);
            }
        }
        return due;
    }

    /** Takes out all because the link broke; the server does not know yet. */
    synchronized List<NatsDelivery> loseAll() {
        var all = new ArrayList<>(open.values());
        open.clear();
        lost.addAll(all);
        return all;
    }

    /** Takes in what may be settled or not, as the link broke before the server said so. */
    synchronized void addLost(List<NatsDelivery> unknown) {
        lost.addAll(unknown);
    }

    /** What was lost with the link since this was asked last. */
    synchronized List<NatsDelivery> takeLost() {
        List<NatsDelivery> all = lost;
        lost = new ArrayList<>();
        return all;
    }

    /** Takes out all because the receiver closes. */
    synchronized List<NatsDelivery> takeAll() {
        var all = new ArrayList<>(open.values());
        open.clear();
        return all;
    }

    /** Those that the server cannot have given to another yet. */
    List<NatsDelivery> stillWaitedFor(List<NatsDelivery> deliveries) {
        long now = System.nanoTime();
        return deliveries.stream().filter(each -> now - each.serverWaits < 0).toList();
    }
}
