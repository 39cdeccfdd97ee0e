// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A walk over all bytes of a segment, chunk by chunk. After a damaged header it looks, byte by
 * byte, for the next whole one of the same epoch.
 */
final class SegmentScan {
    private static final int WINDOW = 1024 * 1024;

    private final StorageFile file;
    private final long end;
    private final Window window;
    private final Checksum checksum = new Checksum();
    private int epoch;

    /** What a walk meets, in the order of the file. */
    interface Visitor {
        /** A chunk with a whole header; the body may be damaged. */
        void chunk(long offset, ByteBuffer buffer, int at, boolean bodyIntact);

        /** A chunk with a damaged header, as the next chunk tells of it. */
        void headless(long offset, ChunkEcho echo, ByteBuffer nextBuffer, int nextAt);

        /** Bytes that are no chunk. */
        void damage(long from, long to);
    }

    /** A walk to this end, over chunks of this epoch; 0 takes the epoch of the first whole one. */
    SegmentScan(StorageFile file, int epoch, long end) {
        this.file = file;
        this.epoch = epoch;
        this.end = end;
        this.window = new Window((int) Math.clamp(end, Chunk.HEADER, WINDOW));
    }

    int epoch() {
        return epoch;
    }

    /**
     * Walks from the offset on and returns where the last whole chunk ends. Bytes after it are not
     * visited: {@link #contentEnd} tells of them.
     */
    long walk(long from, Visitor visitor) throws IOException {
        long at = from;
        long good = from;
        while (at + Chunk.HEADER <= end) {
            int index = window.load(file, at, Chunk.HEADER, WINDOW);
            if (index < 0) {
                break;
            }
            int length = chunkLength(index, at);
            if (length < 0) {
                at = nextMagic(at + 1);
                continue;
            }
            index = window.load(file, at, length, WINDOW);
            if (index < 0) {
                break;
            }
            if (at > good) {
                tellOfGap(good, at, index, visitor);
            }
            boolean intact = Chunk.bodyIntact(window.buffer(), index, checksum);
            visitor.chunk(at, window.buffer(), index, intact);
            at += length;
            good = at;
        }
        return good;
    }

    private int chunkLength(int index, long at) {
        var buffer = window.buffer();
        int expected = epoch == 0 ? Chunk.epoch(buffer, index) : epoch;
        if (!Chunk.headerIntact(buffer, index, expected, checksum)) {
            return -1;
        }
        int length = Chunk.length(buffer, index);
        if (length < Chunk.HEADER || at + length > end) {
            return -1;
        }
        epoch = expected;
        return length;
    }

    private void tellOfGap(long from, long to, int next, Visitor visitor) {
        var echo = Chunk.echo(window.buffer(), next);
        long begin = echo.length() >= Chunk.HEADER ? to - echo.length() : to;
        if (begin < from || begin == to) {
            visitor.damage(from, to);
            return;
        }
        if (begin > from) {
            visitor.damage(from, begin);
        }
        visitor.headless(begin, echo, window.buffer(), next);
    }

    /** The next offset where a chunk may begin, or the end. */
    private long nextMagic(long from) throws IOException {
        long at = from;
        while (at + Chunk.HEADER <= end) {
            int index = window.load(file, at, Long.BYTES, WINDOW);
            if (index < 0) {
                return end;
            }
            var buffer = window.buffer();
            if (buffer.getLong(index) == 0) {
                at += Long.BYTES;
            } else if (buffer.getInt(index) == Chunk.MAGIC) {
                return at;
            } else {
                at++;
            }
        }
        return end;
    }

    /** Where the last byte that is not zero ends, from the offset on; the offset if all are. */
    long contentEnd(long from) throws IOException {
        long last = from;
        for (long at = from; at < end; ) {
            int step = (int) Math.min(WINDOW, end - at);
            window.clear();
            int index = window.load(file, at, 0, step);
            int got = window.loaded();
            if (index < 0 || got == 0) {
                break;
            }
            int nonZero = lastNonZero(window.buffer(), got);
            if (nonZero >= 0) {
                last = at + nonZero + 1;
            }
            at += got;
        }
        return last;
    }

    private static int lastNonZero(ByteBuffer buffer, int length) {
        int at = length;
        while (at >= Long.BYTES && buffer.getLong(at - Long.BYTES) == 0) {
            at -= Long.BYTES;
        }
        do {
            at--;
        } while (at >= 0 && buffer.get(at) == 0);
        return at;
    }
}
