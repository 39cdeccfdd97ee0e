// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Writes the head of a new segment: its header, the log's own table, the owner's snapshot. */
final class SegmentStarter {
    private final Log log;
    private final Keeper keeper;
    private final Checksum checksum;

    SegmentStarter(Log log, Keeper keeper, Checksum checksum) {
        this.log = log;
        this.keeper = keeper;
        this.checksum = checksum;
    }

    /** Makes the file the segment that is written to; its head is forced with its first batch. */
    SegmentWriter start(Keeper.Prepared next, ChunkFields fields, ByteBuffer buffer)
            throws IOException {
        var previous = log.segments().all();
        var header =
                new SegmentHeader(
                        next.id(),
                        epoch(),
                        0,
                        log.time().wall(),
                        log.time().now(),
                        previous.isEmpty() ? 0 : previous.getLast().id(),
                        previous.isEmpty() ? 0 : previous.getLast().end,
                        0);
        var segment = new Segment(log.storage(), header, SegmentHeader.BYTES);
        var writer = new SegmentWriter(segment, next.file(), next.limit());
        try {
            writeHead(writer, fields, buffer);
        } catch (IOException | RuntimeException failed) {
            keeper.abandon(next);
            throw failed;
        }
        writer.beginData();
        segment.end = writer.offset();
        segment.snapshotBytes = writer.offset() - SegmentHeader.BYTES;
        log.segments().add(segment);
        return writer;
    }

    private void writeHead(SegmentWriter writer, ChunkFields fields, ByteBuffer buffer)
            throws IOException {
        var header = writer.segment.header;
        buffer.clear();
        header.encode(buffer, checksum);
        buffer.limit(SegmentHeader.BYTES).position(0);
        writer.append(buffer, ChunkEcho.NONE);
        buffer.clear();
        fields.epoch = header.epoch();
        fields.wall = header.wall();
        fields.logTime = header.logTime();
        fields.durableEnd = 0;
        int maxRecord = log.settings().maxAppendBytes();
        var encoder = new SnapshotEncoder(writer, fields, buffer, checksum, maxRecord);
        encoder.begin(log.controlStream());
        log.table().encode().forEach(record -> encoder.record(ByteBuffer.wrap(record)));
        encoder.begin(log.state());
        log.owner().snapshot(encoder);
        encoder.finish();
    }

    private int epoch() {
        int epoch = log.settings().random().nextInt();
        return epoch == 0 ? 1 : epoch;
    }
}
