// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One look through the sealed segments: those that nobody needs any more are deleted, those of
 * which less than half is needed are compacted.
 */
final class Sweeper {
    private final Log log;

    /** State and snapshots before this segment are told better by later ones. */
    private final long stateFrom;

    Sweeper(Log log) {
        this.log = log;
        this.stateFrom = stateFrom(log.segments().all());
    }

    /** The newest snapshot but one: should the newest be damaged, that one is still there. */
    private static long stateFrom(List<Segment> segments) {
        int seen = 0;
        for (var segment : segments.reversed()) {
            if (segment.snapshotBytes > 0 && ++seen == 2) {
                return segment.id();
            }
        }
        return 0;
    }

    long stateFrom() {
        return stateFrom;
    }

    /** Gives back what it can, and returns the segments that were rewritten. */
    List<Segment> sweep() throws IOException {
        var compacted = new ArrayList<Segment>();
        boolean deleted = false;
        for (var segment : log.segments().all()) {
            if (!segment.sealed || segment == log.segments().all().getLast()) {
                continue;
            }
            long live = liveBytes(segment);
            if (live == 0) {
                delete(segment);
                deleted = true;
            } else if (live * 2 < segment.end - SegmentHeader.BYTES && !segment.keptWhole) {
                compact(segment).ifPresent(compacted::add);
            }
        }
        if (deleted) {
            log.storage().syncDirectory();
        }
        return compacted;
    }

    private Optional<Segment> compact(Segment segment) throws IOException {
        var result = new Compactor(log, segment).compact(this);
        segment.keptWhole = result.isEmpty();
        return result;
    }

    private long liveBytes(Segment segment) {
        long live = segment.id() >= stateFrom ? segment.snapshotBytes : 0;
        for (var extent : segment.extents.values()) {
            live += isLive(extent) ? extent.bytes : 0;
        }
        return live;
    }

    boolean isLive(Extent extent) {
        if (extent.stream <= Streams.STATE) {
            return extent.segment.id() >= stateFrom;
        }
        return log.numbered(extent.stream).map(stream -> extent.end > stream.first()).orElse(false);
    }

    /** Where damaged bytes are in a segment, nobody can tell whose they were: they are kept. */
    private void delete(Segment segment) throws IOException {
        boolean damaged = Compactor.accounted(segment) != segment.end;
        log.swapping().lock();
        try {
            log.segments().remove(segment);
            for (var extent : segment.extents.values()) {
                log.numbered(extent.stream)
                        .ifPresent(stream -> stream.replaceExtent(extent, Optional.empty()));
            }
            segment.retire();
            if (damaged) {
                log.storage().rename(segment.name(), SegmentNames.quarantine(segment.id(), 0));
            } else {
                log.storage().delete(segment.name());
            }
            log.storage().delete(SegmentNames.index(segment.id()));
        } finally {
            log.swapping().unlock();
        }
    }
}
