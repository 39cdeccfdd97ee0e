// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The segments of a log, oldest first. Safe for use by many threads. */
final class Segments {
    private static final int MAX_OPEN = 64;

    private final AtomicLong lastId = new AtomicLong();
    private volatile List<Segment> all = List.of();

    List<Segment> all() {
        return all;
    }

    /** A number for a new segment, never given out before. */
    long nextId() {
        return lastId.incrementAndGet();
    }

    /** Numbers up to this one are taken. */
    void taken(long id) {
        lastId.accumulateAndGet(id, Math::max);
    }

    synchronized void add(Segment segment) {
        var next = new ArrayList<>(all);
        next.add(segment);
        next.sort(Comparator.comparingLong(Segment::id));
        all = List.copyOf(next);
        taken(segment.id());
    }

    synchronized void remove(Segment segment) {
        all = all.stream().filter(other -> other != segment).toList();
    }

    synchronized void replace(Segment old, Segment replacement) {
        all = all.stream().map(other -> other == old ? replacement : other).toList();
    }

    /** Closes the files that were not read from for longest, when too many are open. */
    void closeIdle() {
        var open = all.stream().filter(Segment::isOpen).toList();
        open.stream()
                .sorted(Comparator.comparingLong(Segment::lastUsed))
                .limit(Math.max(0, open.size() - MAX_OPEN))
                .forEach(Segment::closeIfIdle);
    }

    void closeAll() {
        all.forEach(Segment::retire);
    }
}
