// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The ids that were published within the window, by topic, the ones in flight included. Publishers
 * claim an id before they append; the log's writer thread tells how that ended, and takes no lock
 * for it. Room is made by the publishers, oldest first.
 */
final class DedupeWindow {
    /** Where a message with an id stands whose place is not known yet: it is delayed. */
    static final long DELAYED = -1;

    private static final long IN_FLIGHT = -2;

    private final Duration window;
    private final int limit;
    private final EngineClock clock;
    private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();
    private final ReentrantLock evicting = new ReentrantLock();
    private volatile Entry oldest = new Entry(new Key(0, ""));
    private Entry newest = oldest;

    private record Key(int topic, String id) {}

    /** A publish that waits for how the first one of its id ends. */
    private record Waiter(@Nullable SendRequest request, @Nullable Waiter next) {
        private static final Waiter ENDED = new Waiter(null, null);
    }

    /** Takes one id of the window. */
    interface Visitor {
        void id(int topic, String id, long position, long storedAt);
    }

    /** One id, from the moment that a publisher claims it. */
    static final class Entry {
        private final Key key;
        private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();
        private volatile long position = IN_FLIGHT;
        private volatile long storedAt = Long.MAX_VALUE;
        private volatile @Nullable Entry newer;

        private Entry(Key key) {
            this.key = key;
        }

        String id() {
            return key.id();
        }

        private PublishResult duplicate() {
            Optional<dev.lapwing.Position> place =
                    position < 0 ? Optional.empty() : Optional.of(Positions.of(position));
            return PublishResult.stored(key.id(), place, true);
        }

        private void await(SendRequest request) {
            Waiter first = waiters.get();
            while (first != Waiter.ENDED) {
                if (waiters.compareAndSet(first, new Waiter(request, first))) {
                    return;
                }
                first = waiters.get();
            }
            // The first one is stored: an entry that failed cannot be found any more by then.
            request.complete(
                    position == IN_FLIGHT
                            ? new PublishResult.Refused("an earlier publish of the id failed", true)
                            : duplicate());
        }

        private void end(PublishResult result) {
            Waiter waiter = waiters.getAndSet(Waiter.ENDED);
            for (; waiter != null; waiter = waiter.next()) {
                if (waiter.request() != null) {
                    waiter.request().complete(result);
                }
            }
        }
    }

    DedupeWindow(Duration window, int limit, EngineClock clock) {
        this.window = window;
        this.limit = limit;
        this.clock = clock;
    }

    /** Whether ids are remembered at all. */
    boolean isOn() {
        return !window.isZero();
    }

    /**
     * Claims an id for a publish. When it was published before, or is being published, the request
     * is completed as its duplicate, as soon as the first one is durable, and nothing is claimed.
     *
     * @return the claim, to be ended by {@link #stored} or {@link #failed}; null for a duplicate
     */
    @Nullable Entry claim(int topic, String id, SendRequest request) {
        Key key = new Key(topic, id);
        Entry fresh = new Entry(key);
        makeRoom();
        Entry known = entries.putIfAbsent(key, fresh);
        while (known != null && isOver(known)) {
            known = entries.replace(key, known, fresh) ? null : entries.putIfAbsent(key, fresh);
        }
        if (known == null) {
            return fresh;
        }
        known.await(request);
        return null;
    }

    private boolean isOver(Entry entry) {
        return entry.storedAt != Long.MAX_VALUE
                && entry.storedAt + window.toMillis() <= clock.now();
    }

    /** Ends a claim, on the log's writer thread: the message is durable. */
    void stored(Entry entry, long position) {
        stored(entry, position, clock.now());
    }

    private void stored(Entry entry, long position, long storedAt) {
        entry.position = position;
        entry.storedAt = storedAt;
        newest.newer = entry;
        newest = entry;
        entry.end(entry.duplicate());
    }

    /** Ends a claim without a message; the duplicates that wait end in the same way. */
    void failed(Entry entry, PublishResult result) {
        entries.remove(entry.key, entry);
        entry.end(result);
    }

    /** Takes an id back while the engine opens. */
    void restore(int topic, String id, long position, long storedAt) {
        Entry entry = new Entry(new Key(topic, id));
        entries.put(entry.key, entry);
        stored(entry, position, storedAt);
        if (entries.size() > limit) {
            removeOldest();
        }
    }

    /** Drops what is over, or too much, from the oldest end; at most a few at a time. */
    private void makeRoom() {
        if (!evicting.tryLock()) {
            return;
        }
        try {
            for (int gone = 0; gone < 4; gone++) {
                Entry next = oldest.newer;
                if (next == null || (entries.size() < limit && !isOver(next))) {
                    return;
                }
                removeOldest();
            }
        } finally {
            evicting.unlock();
        }
    }

    private void removeOldest() {
        Entry next = oldest.newer;
        if (next != null) {
            entries.remove(next.key, next);
            oldest = next;
        }
    }

    /** Shows every durable id, oldest first. */
    void forEachStored(Visitor visitor) {
        for (Entry entry = oldest.newer; entry != null; entry = entry.newer) {
            if (!isOver(entry)) {
                visitor.id(entry.key.topic(), entry.key.id(), entry.position, entry.storedAt);
            }
        }
    }
}
