// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of opening a log that gives the streams and the owner their state back: the newest whole
 * snapshot, then the records after it.
 */
final class StateRecovery {
    private final Log log;
    private final Streams streams;
    private final List<Damage> damages;
    private boolean controlDamaged;
    private long mayBeLost;

    StateRecovery(Log log, List<Damage> damages) {
        this.log = log;
        this.streams = log.table();
        this.damages = damages;
    }

    void run() throws IOException {
        restoreSnapshot();
        attach(streams.control);
        replay(streams.control, (position, bytes) -> streams.apply(ControlRecord.decode(bytes)));
        attach(streams.state);
        replay(streams.state, log.owner()::replay);
        attachNamed();
    }

    private void restoreSnapshot() throws IOException {
        for (var segment : log.segments().all().reversed()) {
            if (segment.snapshotBytes == 0) {
                continue;
            }
            var snapshot = new SnapshotReader(segment);
            if (snapshot.read()) {
                streams.decode(snapshot.records(Streams.CONTROL));
                streams.control.restore(
                        snapshot.base(Streams.CONTROL), snapshot.base(Streams.CONTROL));
                streams.state.restore(snapshot.base(Streams.STATE), snapshot.base(Streams.STATE));
                snapshot.records(Streams.STATE).forEach(log.owner()::restore);
                mayBeLost = recordsIn(log.segments().all(), segment.id());
                return;
            }
            damages.add(
                    new Damage(
                            "",
                            -1,
                            -1,
                            segment.id(),
                            SegmentHeader.BYTES,
                            SegmentHeader.BYTES + segment.snapshotBytes,
                            "snapshot is damaged; the one before it and the records since are"
                                    + " used"));
        }
    }

    /** What replays one record. */
    private interface Replayer {
        void replay(long position, ByteBuffer bytes);
    }

    private void replay(LogStream stream, Replayer replayer) {
        var reader = stream.reader(stream.first());
        var consumer =
                new RecordConsumer() {
                    @Override
                    public void record(long position, long wallMillis, ByteBuffer bytes) {
                        replayer.replay(position, bytes);
                    }

                    @Override
                    public void damaged(Damage damage) {
                        damages.add(damage);
                        controlDamaged |= stream == streams.control;
                    }
                };
        while (reader.position() < stream.end()) {
            reader.read(Integer.MAX_VALUE, Long.MAX_VALUE, consumer);
        }
    }

    /** Lets the stream see its extents. */
    private void attach(LogStream stream) {
        long end = stream.end();
        var extents = new ArrayList<Extent>();
        for (var segment : log.segments().all()) {
            var extent = segment.extents.get(stream.id);
            if (extent != null) {
                extents.add(extent);
                end = Math.max(end, extent.end);
            }
        }
        stream.attach(extents, end + mayBeLost);
        if (log.settings().fsync() != FsyncPolicy.ALWAYS && stream.id > Streams.STATE) {
            trimAgain(stream, extents);
        }
    }

    /** Under a policy that may lose a trim, the segments that it gave up are gone all the same. */
    private static void trimAgain(LogStream stream, List<Extent> extents) {
        long there = extents.isEmpty() ? stream.end() : extents.getFirst().first;
        stream.restore(Math.max(stream.first(), there), stream.end());
    }

    /**
     * How many records may have been in bytes that nobody can tell anything about. No stream gives
     * their positions out again. What is before the snapshot is known from the snapshot.
     */
    private static long recordsIn(List<Segment> segments, long fromId) {
        long bytes = 0;
        for (var segment : segments) {
            if (segment.id() >= fromId) {
                bytes += Math.max(0, segment.end - Compactor.accounted(segment));
            }
        }
        return bytes / Chunk.RECORD_HEADER;
    }

    private void attachNamed() {
        var ids = new ArrayList<Integer>();
        for (var segment : log.segments().all()) {
            ids.addAll(segment.extents.keySet());
        }
        for (int id : ids) {
            boolean lost = controlDamaged || !streams.wasGivenOut(id);
            if (id > Streams.STATE && streams.numbered(id).isEmpty() && lost) {
                streams.adopt(id).restore(0, 0);
            }
        }
        streams.named().forEach(this::attach);
    }
}
