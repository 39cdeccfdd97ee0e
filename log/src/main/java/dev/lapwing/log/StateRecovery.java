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
        for (var segment : log.segments().all()) {
            var extent = segment.extents.get(stream.id);
            if (extent != null) {
                stream.addExtent(extent);
                end = Math.max(end, extent.end);
            }
        }
        stream.advance(end);
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
