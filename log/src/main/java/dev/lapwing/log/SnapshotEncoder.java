// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Writes the log's own table and the owner's state to the head of a segment, as one batch of
 * snapshot chunks. A chunk is written when the next one begins, so that the last is known as such.
 */
final class SnapshotEncoder implements SnapshotWriter {
    private final SegmentWriter target;
    private final ChunkFields fields;
    private final Checksum checksum;
    private final int maxRecord;
    private ByteBuffer buffer;
    private int at = Chunk.HEADER;

    SnapshotEncoder(
            SegmentWriter target,
            ChunkFields fields,
            ByteBuffer buffer,
            Checksum checksum,
            int maxRecord) {
        this.target = target;
        this.fields = fields;
        this.buffer = buffer;
        this.checksum = checksum;
        this.maxRecord = maxRecord;
        fields.part = 0;
        fields.count = 0;
    }

    /** Begins the records of this stream, whose next position is the base. */
    void begin(LogStream stream) {
        if (fields.part > 0 || fields.count > 0) {
            flush(0);
        }
        fields.stream = stream.id;
        fields.base = stream.end();
    }

    @Override
    public void record(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (length > maxRecord) {
            throw new IllegalArgumentException(
                    "snapshot record has %d bytes, may have %d; split it"
                            .formatted(length, maxRecord));
        }
        if (fields.count > 0 && at + length > Chunk.SOFT_LIMIT) {
            flush(0);
        }
        reserve(at + Chunk.RECORD_HEADER + length);
        buffer.putInt(at, length);
        buffer.put(at + Chunk.RECORD_HEADER, bytes, bytes.position(), length);
        bytes.position(bytes.limit());
        at += Chunk.RECORD_HEADER + length;
        fields.count++;
    }

    private void reserve(int capacity) {
        if (capacity > buffer.capacity()) {
            var larger = ByteBuffer.allocateDirect(capacity * 2);
            larger.put(0, buffer, 0, at);
            buffer = larger;
        }
    }

    /** Writes the last chunk. */
    void finish() {
        flush(Chunk.LAST_IN_BATCH);
    }

    private void flush(int moreFlags) {
        fields.flags = Chunk.SNAPSHOT | moreFlags;
        fields.body = at - Chunk.HEADER;
        var echo = Chunk.writeHeader(buffer, 0, fields, target.echo(), checksum);
        int record = Chunk.HEADER;
        for (int i = 0; i < fields.count; i++) {
            int length = buffer.getInt(record);
            Chunk.sealRecord(buffer, record, length, echo.headerChecksum(), checksum);
            record += Chunk.RECORD_HEADER + length;
        }
        buffer.limit(at).position(0);
        try {
            target.append(buffer, echo);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        buffer.clear();
        at = Chunk.HEADER;
        fields.part++;
        fields.count = 0;
    }
}
