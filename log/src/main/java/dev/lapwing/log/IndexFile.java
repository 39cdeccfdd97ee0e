// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;

/**
 * The file beside a sealed segment that tells where its chunks are. Disposable: it is written
 * without a force, checked by checksums, and built again from the segment when it does not fit.
 */
final class IndexFile {
    private static final long MAGIC = 0x4C41505F49445831L; // "LAP_IDX1"
    private static final int HEADER = 64;
    private static final int SUMMARY = 72;
    private static final int ENTRY = 28;

    private final Storage storage;

    IndexFile(Storage storage) {
        this.storage = storage;
    }

    /** Writes the index of a sealed segment whose chunks are all in memory. */
    void write(Segment segment) throws IOException {
        var extents = new ArrayList<>(segment.extents.values());
        extents.sort(Comparator.comparingInt(extent -> extent.stream));
        int entries = HEADER + SUMMARY * extents.size();
        int size = entries;
        for (var extent : extents) {
            size += ENTRY * chunks(extent).size();
        }
        var buffer = ByteBuffer.allocate(size);
        int at = HEADER;
        for (var extent : extents) {
            int length = putEntries(buffer, entries, chunks(extent));
            putSummary(buffer, at, extent, entries, length);
            at += SUMMARY;
            entries += length;
        }
        putHeader(buffer, segment, extents.size());
        replace(SegmentNames.index(segment.id()), buffer);
    }

    private static ChunkIndex chunks(Extent extent) {
        var chunks = extent.chunks;
        if (chunks == null) {
            throw new IllegalStateException("chunks are not in memory");
        }
        return chunks;
    }

    private static int putEntries(ByteBuffer buffer, int from, ChunkIndex chunks) {
        int at = from;
        for (int i = 0; i < chunks.size(); i++) {
            buffer.putInt(at, chunks.offset(i));
            buffer.putInt(at + 4, chunks.length(i));
            buffer.putInt(at + 8, chunks.count(i));
            buffer.putLong(at + 12, chunks.base(i));
            buffer.putLong(at + 20, chunks.wall(i));
            at += ENTRY;
        }
        return at - from;
    }

    private static void putSummary(
            ByteBuffer buffer, int at, Extent extent, int entries, int length) {
        buffer.putInt(at, extent.stream);
        buffer.putInt(at + 4, length / ENTRY);
        buffer.putLong(at + 8, extent.first);
        buffer.putLong(at + 16, extent.end);
        buffer.putLong(at + 24, extent.bytes);
        buffer.putLong(at + 32, extent.firstLogTime);
        buffer.putLong(at + 40, extent.lastLogTime);
        buffer.putLong(at + 48, extent.maxWall);
        buffer.putLong(at + 56, entries);
        buffer.putInt(at + 64, new Checksum().of(buffer, entries, entries + length));
    }

    private static void putHeader(ByteBuffer buffer, Segment segment, int extents) {
        buffer.putLong(0, MAGIC);
        buffer.putLong(16, segment.id());
        buffer.putInt(24, segment.header.epoch());
        buffer.putInt(28, segment.header.generation());
        buffer.putLong(32, segment.end);
        buffer.putLong(40, segment.snapshotBytes);
        buffer.putInt(48, extents);
        buffer.putInt(8, new Checksum().of(buffer, 12, HEADER + SUMMARY * extents));
    }

    private void replace(String name, ByteBuffer content) throws IOException {
        storage.delete(name);
        try (var file = storage.create(name)) {
            content.clear();
            for (long at = 0; content.hasRemaining(); ) {
                int step = file.write(content, at);
                if (step <= 0) {
                    throw new IOException("No space left for " + name);
                }
                at += step;
            }
        }
    }

    /** Gives a sealed segment its extents, without their chunks; false when there is no index. */
    boolean readExtents(Segment segment) throws IOException {
        var read = summary(segment);
        if (read.isEmpty()) {
            return false;
        }
        var buffer = read.get();
        segment.snapshotBytes = buffer.getLong(40);
        for (int i = 0; i < buffer.getInt(48); i++) {
            int at = HEADER + SUMMARY * i;
            int stream = buffer.getInt(at);
            var extent = segment.extent(stream, buffer.getLong(at + 8), buffer.getLong(at + 32));
            extent.end = buffer.getLong(at + 16);
            extent.bytes = buffer.getLong(at + 24);
            extent.lastLogTime = buffer.getLong(at + 40);
            extent.maxWall = buffer.getLong(at + 48);
        }
        return true;
    }

    /** Where the index says that the segment's chunks end, if it belongs to the segment. */
    Optional<Long> end(SegmentHeader header) throws IOException {
        return summary(header).map(buffer -> buffer.getLong(32));
    }

    private Optional<ByteBuffer> summary(Segment segment) throws IOException {
        return summary(segment.header).filter(buffer -> buffer.getLong(32) == segment.end);
    }

    private Optional<ByteBuffer> summary(SegmentHeader header) throws IOException {
        var name = SegmentNames.index(header.id());
        if (!storage.exists(name)) {
            return Optional.empty();
        }
        try (var file = storage.openForReading(name)) {
            var head = read(file, 0, HEADER);
            if (head.capacity() < HEADER
                    || head.getLong(0) != MAGIC
                    || head.getInt(48) < 0
                    || head.getInt(48) > (file.size() - HEADER) / SUMMARY) {
                return Optional.empty();
            }
            var buffer = read(file, 0, HEADER + SUMMARY * head.getInt(48));
            boolean whole =
                    new Checksum().of(buffer, 12, buffer.capacity()) == buffer.getInt(8)
                            && buffer.getLong(16) == header.id()
                            && buffer.getInt(24) == header.epoch()
                            && buffer.getInt(28) == header.generation();
            return whole ? Optional.of(buffer) : Optional.empty();
        }
    }

    /** The chunks of one stream in a sealed segment; empty when the index does not tell. */
    Optional<ChunkIndex> readChunks(Segment segment, int stream) throws IOException {
        var read = summary(segment);
        if (read.isEmpty()) {
            return Optional.empty();
        }
        var buffer = read.get();
        for (int i = 0; i < buffer.getInt(48); i++) {
            int at = HEADER + SUMMARY * i;
            if (buffer.getInt(at) == stream) {
                return readEntries(segment, buffer, at);
            }
        }
        return Optional.empty();
    }

    private Optional<ChunkIndex> readEntries(Segment segment, ByteBuffer summary, int at)
            throws IOException {
        int count = summary.getInt(at + 4);
        try (var file = storage.openForReading(SegmentNames.index(segment.id()))) {
            var buffer = read(file, summary.getLong(at + 56), count * ENTRY);
            if (buffer.capacity() < count * ENTRY
                    || new Checksum().of(buffer, 0, count * ENTRY) != summary.getInt(at + 64)) {
                return Optional.empty();
            }
            var chunks = new ChunkIndex(count);
            for (int entry = 0; entry < count * ENTRY; entry += ENTRY) {
                chunks.add(
                        buffer.getInt(entry),
                        buffer.getInt(entry + 4),
                        buffer.getInt(entry + 8),
                        buffer.getLong(entry + 12),
                        buffer.getLong(entry + 20));
            }
            return Optional.of(chunks);
        }
    }

    /** As many of the bytes as the file has. */
    private static ByteBuffer read(StorageFile file, long from, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, from + buffer.position()) <= 0) {
                return ByteBuffer.wrap(buffer.array(), 0, buffer.position()).slice();
            }
        }
        return buffer.clear();
    }
}
