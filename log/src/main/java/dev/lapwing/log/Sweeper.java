// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.util.List;

/** One look through the sealed segments, to give back those that nobody needs. */
final class Sweeper {
    private final Log log;

    /** State and snapshots before this segment are told better by later ones. */
    private final long stateFrom;

    Sweeper(Log log) {
        this.log = log;
        this.stateFrom = stateFrom(log.segments().all());
    }

    /** The newest snapshot but one: should the newest be damaged, that one is still there. */
    static long stateFrom(List<Segment> segments) {
        int seen = 0;
        for (var segment : segments.reversed()) {
            if (segment.snapshotBytes > 0 && ++seen == 2) {
                return segment.id();
            }
        }
        return 0;
    }

    void sweep() throws IOException {
        boolean deleted = false;
        for (var segment : log.segments().all()) {
            if (segment.sealed && liveBytes(segment) == 0) {
                delete(segment);
                deleted = true;
            }
        }
        if (deleted) {
            log.storage().syncDirectory();
        }
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

    private void delete(Segment segment) throws IOException {
        log.segments().remove(segment);
        for (var extent : segment.extents.values()) {
            log.numbered(extent.stream).ifPresent(stream -> stream.removeExtent(extent));
        }
        segment.retire();
        log.storage().delete(segment.name());
        log.storage().delete(SegmentNames.index(segment.id()));
    }
}
