// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A named sequence of records in a {@link Log}. The first record ever has position 0, the next one
 * 1, and so on; a position is never given out twice. Safe for use by many threads.
 */
public final class LogStream {
    final Log log;
    final int id;
    private final String name;
    private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

    private volatile long first;
    private volatile long end;
    private volatile Extent[] extents = {};
    volatile boolean dropped;

    /** The stream's part in the batch at hand; the writer thread's own. */
    final StreamBatch batch = new StreamBatch(this);

    /** Whether the log knows the stream after a restart; the writer thread's own. */
    boolean registered;

    LogStream(Log log, int id, String name) {
        this.log = log;
        this.id = id;
        this.name = name;
    }

    /** The name. */
    public String name() {
        return name;
    }

    /**
     * The position of the first record that is still there, or of the next one if there is none.
     */
    public long first() {
        return Math.min(first, end);
    }

    /** The position that the next stored record will have. */
    public long end() {
        return end;
    }

    /** A reader that begins at this position. */
    public LogReader reader(long fromPosition) {
        return new LogReader(this, fromPosition);
    }

    /**
     * The position of the first record whose wall clock time is at or after this one, or the end.
     * After the wall clock was ahead for a while, this may be earlier than one expects, but nothing
     * that was appended at or after the time is left out.
     */
    public long positionAt(Instant time) {
        return StreamSearch.ask(this, search -> search.positionAt(time.toEpochMilli()));
    }

    /**
     * The position of the first record that is younger than this age, or the end. Age goes by the
     * log's own clock: jumps of the wall clock do not count, and of the time between two runs at
     * most a day does.
     */
    public long positionYoungerThan(Duration age) {
        long moment = log.time().now() - age.toMillis();
        return StreamSearch.ask(this, search -> search.positionAfter(moment));
    }

    /** The first position such that what is there from it on takes at most this many bytes. */
    public long positionKeeping(long bytes) {
        return StreamSearch.ask(this, search -> search.positionKeeping(bytes));
    }

    /** How much the stream holds now. */
    public StreamSize size() {
        return StreamSearch.ask(this, StreamSearch::size);
    }

    /**
     * Gives up all records before this position. Takes effect when it is stored, which happens in
     * the background; a trim that a crash prevents has to be asked for again. The room comes back
     * when no stream needs the segment any more, or when it was rewritten without the dead records.
     */
    public Admission trim(long beforePosition) {
        long before = Math.min(beforePosition, end);
        if (before <= first) {
            return Admission.ACCEPTED;
        }
        return log.control(new ControlRecord.Trim(id, before), this, () -> trimmed(before));
    }

    /** Gives up the stream with all that is in it; its name may be used for a new one at once. */
    public Admission drop() {
        return log.dropStream(this);
    }

    /**
     * Registers a listener that is called after each batch that stored records in this stream, once
     * per batch, on the writer thread. It must be quick and must not block.
     */
    public Registration onStored(Runnable listener) {
        // Wrapped, so that one listener registered twice can be taken away once.
        Runnable own = () -> listener.run();
        listeners.add(own);
        return () -> listeners.remove(own);
    }

    List<Runnable> listeners() {
        return listeners;
    }

    void trimmed(long before) {
        if (before > first) {
            first = before;
        }
        log.spaceMayBeFree();
    }

    void controlFailed(ControlRecord record) {
        switch (record) {
            case ControlRecord.Create create -> batch.registering = false;
            case ControlRecord.Drop drop -> log.dropFailed(this);
            case ControlRecord.Trim trim -> {}
            case ControlRecord.Unknown unknown -> {}
        }
    }

    /** Sets where the stream stands, while the log opens. */
    void restore(long firstPosition, long endPosition) {
        first = firstPosition;
        end = endPosition;
        registered = true;
    }

    /** Makes records up to here readable. */
    void advance(long newEnd) {
        end = newEnd;
    }

    Extent[] extents() {
        return extents;
    }

    /** Sets what is there of the stream, oldest first, while the log opens. */
    synchronized void attach(List<Extent> all, long newEnd) {
        extents = all.toArray(new Extent[0]);
        end = newEnd;
    }

    synchronized void addExtent(Extent extent) {
        var all = new ArrayList<>(List.of(extents));
        all.add(extent);
        all.sort(Comparator.comparingLong(other -> other.segment.id()));
        extents = all.toArray(new Extent[0]);
    }

    /** Puts another extent in the place of this one, or none. */
    synchronized void replaceExtent(Extent old, Optional<Extent> replacement) {
        var all = new ArrayList<>(List.of(extents));
        int at = all.indexOf(old);
        if (at >= 0) {
            all.remove(at);
            replacement.ifPresent(extent -> all.add(at, extent));
        }
        extents = all.toArray(new Extent[0]);
    }

    /** The extent that holds the position, or the next one after it; null when there is none. */
    @Nullable Extent extentFor(long position) {
        var all = extents;
        int low = 0;
        int high = all.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all[middle].end <= position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < all.length ? all[low] : null;
    }

    @Override
    public String toString() {
        return "stream " + name + " [" + first() + ", " + end + ")";
    }
}
