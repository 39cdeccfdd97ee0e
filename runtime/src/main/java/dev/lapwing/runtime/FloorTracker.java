// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.spi.Received;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The account for brokers that know one floor for each partition: which deliveries are handled, and
 * how far there is no hole. A message that failed is a hole until it is handled or stands among the
 * dead letters; no later success moves the floor past it. Safe for use by many threads, under its
 * own lock; calls nothing while it holds it.
 *
 * <p>Losing one delivery of a partition loses the partition: the broker begins again at its floor,
 * so that everything noted above it means nothing any more.
 */
final class FloorTracker {

    /** One delivery in its partition. */
    static final class Entry {
        private final Floor partition;
        private final Received received;
        private boolean handled;

        private Entry(Floor partition, Received received) {
            this.partition = partition;
            this.received = received;
        }
    }

    /** What is above the floor of a partition, in order; the first is the lowest hole. */
    private static final class Floor {
        private final ArrayDeque<Entry> above = new ArrayDeque<>();
    }

    private final int most;
    private final Map<Integer, Floor> partitions = new HashMap<>();
    private volatile int noted;

    /** A tracker that notes about so many deliveries before it asks for a pause. */
    FloorTracker(int most) {
        this.most = most;
    }

    synchronized void add(LiveDelivery[] deliveries) {
        for (LiveDelivery delivery : deliveries) {
            int number = delivery.received().partition();
            Floor floor = partitions.computeIfAbsent(number, any -> new Floor());
            var entry = new Entry(floor, delivery.received());
            floor.above.addLast(entry);
            delivery.floor = entry;
        }
        note(deliveries.length);
    }

    /** Notes what is handled; returns the new floors, one delivery for each that moved. */
    synchronized List<Received> handled(Collection<LiveDelivery> deliveries) {
        var moved = new ArrayList<Floor>();
        for (LiveDelivery delivery : deliveries) {
            Entry entry = delivery.floor;
            if (entry != null && !entry.handled) {
                entry.handled = true;
                if (entry.partition.above.peekFirst() == entry) {
                    moved.add(entry.partition);
                }
            }
        }
        return moved.stream().map(this::rise).toList();
    }

    private Received rise(Floor floor) {
        Entry last = floor.above.removeFirst();
        int passed = 1;
        while (!floor.above.isEmpty() && floor.above.getFirst().handled) {
            last = floor.above.removeFirst();
            passed++;
        }
        note(-passed);
        return last.received;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    private void note(int more) {
        noted += more;
    }

    /** Forgets the partitions of these. */
    synchronized void lost(Collection<? extends Received> received) {
        for (Received delivery : received) {
            Floor floor = partitions.remove(delivery.partition());
            if (floor != null) {
                note(-floor.above.size());
                floor.above.clear();
            }
        }
    }

    /** Whether so much is noted above holes that no more should come. Needs no lock. */
    boolean isFull() {
        return noted > most;
    }
}
