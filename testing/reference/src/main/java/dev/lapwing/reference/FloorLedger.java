// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.Capability;
import dev.lapwing.spi.Settlement;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps a floor for each partition. A partition belongs to one member at a time; when it moves to
 * another, what its owner had not acked is lost to it, and comes again from the floor.
 */
final class FloorLedger extends Ledger {

    private static final class Partition {
        final List<Entry> entries = new ArrayList<>();
        final List<ReferenceDelivery> out = new ArrayList<>();
        @Nullable ReferenceReceiver owner;

        /** How many entries lie below the floor. */
        int floor;

        /** How many entries were handed to the owner. */
        int fetched;
    }

    private final List<Partition> partitions;

    private final long begin;

    /**
     * A ledger that is empty yet.
     *
     * @param begin the offset of the broker's last message
     */
    FloorLedger(BrokerState broker, ReferenceTopic topic, long begin) {
        super(broker, topic);
        this.begin = begin;
        partitions = Stream.generate(Partition::new).limit(broker.settings.partitions()).toList();
    }

    @Override
    void add(Entry entry) {
        partitions.get(entry.partition()).entries.add(entry);
    }

    @Override
    void join(ReferenceReceiver member) {
        members.add(member);
        assign();
        pump();
    }

    @Override
    List<ReferenceDelivery> leave(ReferenceReceiver member) {
        List<ReferenceDelivery> taken = takeBack(member);
        members.remove(member);
        assign();
        pump();
        return taken;
    }

    private void assign() {
        for (int at = 0; at < partitions.size(); at++) {
            Partition partition = partitions.get(at);
            ReferenceReceiver next = members.isEmpty() ? null : members.get(at % members.size());
            ReferenceReceiver previous = partition.owner;
            if (next != previous) {
                List<ReferenceDelivery> lost = revoke(partition);
                partition.owner = next;
                if (next != null) {
                    next.seen.passed(topic, at, passedAt(partition));
                }
                if (previous != null) {
                    previous.lose(lost, "partition " + at + " went to another member");
                }
            }
        }
    }

    /** The offset behind which the partition's next owner goes on. */
    private long passedAt(Partition partition) {
        List<Entry> entries = partition.entries;
        return partition.floor < entries.size()
                ? entries.get(partition.floor).offset() - 1
                : entries.isEmpty() ? begin : entries.getLast().offset();
    }

    private static List<ReferenceDelivery> revoke(Partition partition) {
        List<ReferenceDelivery> lost = List.copyOf(partition.out);
        lost.forEach(delivery -> delivery.state = ReferenceDelivery.State.LOST);
        partition.out.clear();
        partition.fetched = partition.floor;
        return lost;
    }

    @Override
    List<ReferenceDelivery> takeBack(ReferenceReceiver member) {
        return partitions.stream()
                .filter(partition -> partition.owner == member)
                .flatMap(partition -> revoke(partition).stream())
                .toList();
    }

    @Override
    void pump() {
        for (boolean more = true; more; ) {
            more = false;
            for (Partition partition : partitions) {
                more |= pumpOne(partition);
            }
        }
        flush();
    }

    private boolean pumpOne(Partition partition) {
        ReferenceReceiver owner = partition.owner;
        if (owner == null || partition.fetched == partition.entries.size() || !owner.hasRoom()) {
            return false;
        }
        Entry entry = partition.entries.get(partition.fetched++);
        if (!entry.isOutOfDate(broker.now())) {
            owner.seen.passed(topic, entry.partition(), entry.offset());
            var delivery =
                    new ReferenceDelivery(
                            this, owner, entry, 1, Instant.MAX, Optional.of(owner.seen.position()));
            partition.out.add(delivery);
            owner.take(delivery);
        }
        return true;
    }

    @Override
    boolean settle(Settlement settlement, ReferenceDelivery delivery) {
        switch (settlement) {
            case Settlement.Ack ack -> {
                return moveFloor(delivery);
            }
            case Settlement.GiveBack back -> throw broker.unsupported(Capability.GIVE_BACK);
            case Settlement.Extend extend -> throw broker.unsupported(Capability.EXTEND_LEASE);
            case Settlement.Reject reject -> throw broker.unsupported(Capability.DEAD_LETTERS);
        }
    }

    private boolean moveFloor(ReferenceDelivery delivery) {
        Partition partition = partitions.get(delivery.partition());
        if (delivery.state == ReferenceDelivery.State.OPEN) {
            while (partition.floor < partition.entries.size()
                    && partition.entries.get(partition.floor).offset() <= delivery.entry.offset()) {
                partition.floor++;
            }
            for (ReferenceDelivery below : List.copyOf(partition.out)) {
                if (below.entry.offset() <= delivery.entry.offset()) {
                    below.state = ReferenceDelivery.State.SETTLED;
                    partition.out.remove(below);
                }
            }
        }
        return delivery.state == ReferenceDelivery.State.SETTLED;
    }

    @Override
    void purge() {
        for (Partition partition : partitions) {
            partition.entries.clear();
            partition.floor = 0;
            partition.fetched = 0;
        }
    }

    @Override
    List<Entry> pending() {
        return partitions.stream()
                .flatMap(partition ->
                        partition
                                .entries
                                .subList(partition.floor, partition.entries.size())
                                .stream())
                .sorted(Comparator.comparingLong(Entry::offset))
                .toList();
    }

    @Override
    GroupInfo info(String group) {
        long inFlight = partitions.stream().mapToLong(partition -> partition.out.size()).sum();
        return new GroupInfo(group, pending().size(), inFlight, members.size());
    }
}
