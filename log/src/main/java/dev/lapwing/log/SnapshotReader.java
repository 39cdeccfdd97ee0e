// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the snapshot at the head of a segment, whole or not at all. */
final class SnapshotReader {
    private final Segment segment;
    private final Checksum checksum = new Checksum();
    private final Map<Integer, List<ByteBuffer>> records = new HashMap<>();
    private final Map<Integer, Long> bases = new HashMap<>();

    SnapshotReader(Segment segment) {
        this.segment = segment;
    }

    /** The records for this stream, in order. */
    List<ByteBuffer> records(int stream) {
        return records.getOrDefault(stream, List.of()).stream().map(ByteBuffer::duplicate).toList();
    }

    /** The position of the first record of the stream that the snapshot does not hold. */
    long base(int stream) {
        return bases.getOrDefault(stream, 0L);
    }

    /** Whether the snapshot is whole. */
    boolean read() throws IOException {
        var file = segment.acquire();
        if (file.isEmpty()) {
            return false;
        }
        try {
            return read(file.get());
        } finally {
            segment.release();
        }
    }

    private boolean read(StorageFile file) throws IOException {
        var window = new Window(Chunk.SOFT_LIMIT * 2);
        long offset = SegmentHeader.BYTES;
        for (int part = 0; ; part++) {
            int at = window.load(file, offset, Chunk.HEADER, window.capacity());
            int epoch = segment.header.epoch();
            if (at < 0 || !Chunk.headerIntact(window.buffer(), at, epoch, checksum)) {
                return false;
            }
            int length = Chunk.length(window.buffer(), at);
            at = window.load(file, offset, length, length);
            if (at < 0 || !isPart(window.buffer(), at, part)) {
                return false;
            }
            take(window.buffer(), at);
            if ((Chunk.flags(window.buffer(), at) & Chunk.LAST_IN_BATCH) != 0) {
                return true;
            }
            offset += length;
        }
    }

    private boolean isPart(ByteBuffer buffer, int at, int part) {
        return Chunk.isSnapshot(buffer, at)
                && Chunk.part(buffer, at) == part
                && Chunk.bodyIntact(buffer, at, checksum);
    }

    private void take(ByteBuffer buffer, int at) {
        int stream = Chunk.stream(buffer, at);
        bases.put(stream, Chunk.base(buffer, at));
        var taken = records.computeIfAbsent(stream, id -> new ArrayList<>());
        int record = at + Chunk.HEADER;
        for (int left = Chunk.count(buffer, at); left > 0; left--) {
            int length = buffer.getInt(record);
            var copy = new byte[length];
            buffer.get(record + Chunk.RECORD_HEADER, copy);
            taken.add(ByteBuffer.wrap(copy));
            record += Chunk.RECORD_HEADER + length;
        }
    }
}
