// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells what is in a sealed segment: by its index file, or by a walk over the segment where there
 * is none that fits.
 */
final class SegmentLoader {
    private final Storage storage;
    private final IndexFile indexes;
    private final List<Damage> damages = new ArrayList<>();

    SegmentLoader(Storage storage) {
        this.storage = storage;
        this.indexes = new IndexFile(storage);
    }

    /** What a walk found. */
    List<Damage> damages() {
        return damages;
    }

    /** Gives the segment its extents; false when the index file was of no use. */
    boolean load(Segment segment) throws IOException {
        segment.indexed = indexes.readExtents(segment);
        if (!segment.indexed) {
            walk(segment);
        }
        return segment.indexed;
    }

    /** The chunks of one extent. */
    ChunkIndex chunks(Extent extent) throws IOException {
        var read = indexes.readChunks(extent.segment, extent.stream);
        if (read.isPresent()) {
            return read.get();
        }
        var again = new Segment(storage, extent.segment.header, extent.segment.end);
        walk(again);
        again.retire();
        var found = again.extents.get(extent.stream);
        var chunks = found == null ? null : found.chunks;
        return chunks == null ? new ChunkIndex(0) : chunks;
    }

    /** Gives the segment its extents by what is in it. */
    void walk(Segment segment) throws IOException {
        try (var file = storage.openForReading(segment.name())) {
            boolean endKnown = segment.end != Long.MAX_VALUE;
            long size = endKnown ? Math.min(segment.end + Chunk.HEADER, file.size()) : file.size();
            var scan = new SegmentScan(file, segment.header.epoch(), size);
            var collector = new Collector(segment, damages);
            long good = scan.walk(SegmentHeader.BYTES, collector);
            long content = endKnown ? segment.end : scan.contentEnd(good);
            if (content > good) {
                collector.damage(good, content);
            }
            if (!endKnown) {
                segment.end = Math.max(collector.end, content > good ? content : 0);
            }
        }
    }

    /** Adds what a walk meets to the extents of a segment. */
    static final class Collector implements SegmentScan.Visitor {
        private final Segment segment;
        private final List<Damage> damages;

        /** Where the last chunk that is no mark ends. */
        private long end = SegmentHeader.BYTES;

        Collector(Segment segment, List<Damage> damages) {
            this.segment = segment;
            this.damages = damages;
        }

        @Override
        public void chunk(long offset, ByteBuffer buffer, int at, boolean bodyIntact) {
            if (!bodyIntact) {
                damages.add(
                        damage(
                                offset,
                                offset + Chunk.length(buffer, at),
                                "records of a chunk are damaged"));
            }
            if ((Chunk.flags(buffer, at) & Chunk.MARKER) != 0) {
                return;
            }
            end = offset + Chunk.length(buffer, at);
            if (Chunk.isSnapshot(buffer, at)) {
                segment.snapshotBytes += Chunk.length(buffer, at);
            } else {
                add(
                        offset,
                        Chunk.stream(buffer, at),
                        Chunk.length(buffer, at),
                        Chunk.count(buffer, at),
                        Chunk.base(buffer, at),
                        buffer,
                        at);
            }
        }

        @Override
        public void headless(long offset, ChunkEcho echo, ByteBuffer nextBuffer, int nextAt) {
            end = offset + echo.length();
            damages.add(
                    damage(
                            offset,
                            offset + Chunk.HEADER,
                            "header of a chunk is damaged; the next chunk tells what it said"));
            if (echo.stream() < 0) {
                segment.snapshotBytes += echo.length();
            } else {
                add(
                        offset,
                        echo.stream(),
                        echo.length(),
                        echo.count(),
                        echo.base(),
                        nextBuffer,
                        nextAt);
            }
        }

        /** Takes the times from the header at the index. */
        private void add(
                long offset,
                int stream,
                int length,
                int count,
                long base,
                ByteBuffer buffer,
                int at) {
            long logTime = Chunk.logTime(buffer, at);
            var extent = segment.extent(stream, base, logTime);
            if (base >= extent.end) {
                extent.add((int) offset, length, count, base, Chunk.wall(buffer, at), logTime);
            }
        }

        @Override
        public void damage(long from, long to) {
            damages.add(damage(from, to, "no chunk is here"));
        }

        private Damage damage(long from, long to, String detail) {
            return new Damage("", -1, -1, segment.id(), from, to, detail);
        }
    }
}
