// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.Capability;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Settles each message by itself; what fails comes again, sooner than what is younger. */
final class MessageLedger extends Ledger {

    private static final Comparator<Entry> BY_AGE = Comparator.comparingLong(Entry::offset);

    private final TreeSet<Entry> ready;
    private final Set<Entry> paused = new TreeSet<>(BY_AGE);
    private final Set<ReferenceDelivery> out = new LinkedHashSet<>();
    private final Map<Long, Integer> failures = new HashMap<>();
    private Instant nextCheck = Instant.MAX;

    MessageLedger(BrokerState broker, ReferenceTopic topic) {
        super(broker, topic);
        ready =
                new TreeSet<>(
                        broker.has(Capability.PRIORITY)
                                ? Comparator.comparingInt(Entry::priority)
                                        .reversed()
                                        .thenComparing(BY_AGE)
                                : BY_AGE);
    }

    @Override
    void add(Entry entry) {
        ready.add(entry);
    }

    @Override
    void pump() {
        while (!ready.isEmpty()) {
            ReferenceReceiver member = nextWithRoom();
            if (member == null) {
                break;
            }
            Entry entry = ready.removeFirst();
            if (!entry.isOutOfDate(broker.now())) {
                handOver(entry, member);
            }
        }
        flush();
    }

    private void handOver(Entry entry, ReferenceReceiver member) {
        boolean counts = broker.has(Capability.COUNTS_ATTEMPTS);
        int attempt = counts ? failures.getOrDefault(entry.offset(), 0) + 1 : 1;
        Instant leaseEnds = broker.now().plus(member.request.lease());
        var delivery =
                new ReferenceDelivery(
                        this, member, entry, attempt, leaseEnds, broker.positionOf(entry));
        if (broker.settings.settleUnit() == SettleUnit.NONE) {
            delivery.state = ReferenceDelivery.State.SETTLED;
        } else {
            out.add(delivery);
            checkLeasesAt(leaseEnds);
        }
        member.take(delivery);
    }

    @Override
    boolean settle(Settlement settlement, ReferenceDelivery delivery) {
        if (delivery.state != ReferenceDelivery.State.OPEN) {
            return false;
        }
        switch (settlement) {
            case Settlement.Ack ack -> close(delivery, ReferenceDelivery.State.SETTLED);
            case Settlement.GiveBack back -> giveBack(delivery, back);
            case Settlement.Extend extend -> delivery.leaseEnds = broker.now().plus(extend.lease());
            case Settlement.Reject reject -> throw broker.unsupported(Capability.DEAD_LETTERS);
        }
        return true;
    }

    private void giveBack(ReferenceDelivery delivery, Settlement.GiveBack back) {
        broker.require(
                back.pause().isPositive() ? Capability.GIVE_BACK_LATER : Capability.GIVE_BACK);
        close(delivery, ReferenceDelivery.State.SETTLED);
        if (back.failed()) {
            failures.merge(delivery.entry.offset(), 1, Integer::sum);
        }
        if (back.pause().isPositive()) {
            paused.add(delivery.entry);
            broker.later(back.pause(), () -> makeReady(delivery.entry));
        } else {
            ready.add(delivery.entry);
        }
    }

    private void makeReady(Entry entry) {
        if (paused.remove(entry)) {
            ready.add(entry);
            pump();
        }
    }

    private void close(ReferenceDelivery delivery, ReferenceDelivery.State state) {
        delivery.state = state;
        out.remove(delivery);
    }

    @Override
    List<ReferenceDelivery> takeBack(ReferenceReceiver member) {
        List<ReferenceDelivery> taken =
                out.stream().filter(delivery -> delivery.receiver == member).toList();
        for (ReferenceDelivery delivery : taken) {
            close(delivery, ReferenceDelivery.State.LOST);
            ready.add(delivery.entry);
        }
        return taken;
    }

    private void checkLeasesAt(Instant when) {
        if (when.isBefore(nextCheck)) {
            nextCheck = when;
            broker.later(Duration.between(broker.now(), when), this::checkLeases);
        }
    }

    /** A lease that ran out counts as an attempt: the message was with a handler. */
    private void checkLeases() {
        nextCheck = Instant.MAX;
        var lost = new HashMap<ReferenceReceiver, List<ReferenceDelivery>>();
        var first = Instant.MAX;
        for (ReferenceDelivery delivery : List.copyOf(out)) {
            if (delivery.leaseEnds.isAfter(broker.now())) {
                first = delivery.leaseEnds.isBefore(first) ? delivery.leaseEnds : first;
            } else {
                close(delivery, ReferenceDelivery.State.LOST);
                failures.merge(delivery.entry.offset(), 1, Integer::sum);
                ready.add(delivery.entry);
                lost.computeIfAbsent(delivery.receiver, any -> new ArrayList<>()).add(delivery);
            }
        }
        if (first.isBefore(Instant.MAX)) {
            checkLeasesAt(first);
        }
        lost.forEach((receiver, deliveries) -> receiver.lose(deliveries, "the lease ran out"));
        pump();
    }

    @Override
    void purge() {
        ready.clear();
        paused.clear();
    }

    @Override
    List<Entry> pending() {
        var all = new TreeSet<>(BY_AGE);
        all.addAll(ready);
        all.addAll(paused);
        out.forEach(delivery -> all.add(delivery.entry));
        return List.copyOf(all);
    }

    @Override
    GroupInfo info(String group) {
        return new GroupInfo(
                group, ready.size() + paused.size() + out.size(), out.size(), members.size());
    }
}
