// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

/**
 * What one segment holds of one stream. Grows while its segment is written to, by the writer
 * thread; any thread reads.
 */
final class Extent {
    final Segment segment;
    final int stream;
    final long first;
    final long firstLogTime;
    volatile long end;
    volatile long bytes;
    volatile long maxWall = Long.MIN_VALUE;
    volatile long lastLogTime;

    /** The chunks; null when they have to be read back from the segment's index file. */
    volatile @Nullable ChunkIndex chunks;

    Extent(Segment segment, int stream, long first, long firstLogTime) {
        this.segment = segment;
        this.stream = stream;
        this.first = first;
        this.firstLogTime = firstLogTime;
        this.end = first;
        this.lastLogTime = firstLogTime;
    }

    /** Adds a chunk to an extent whose chunks are in memory. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // only the writer thread, or the one that scans
    void add(int offset, int length, int count, long base, long wall, long logTime) {
        var index = chunks;
        if (index == null) {
            index = new ChunkIndex(4);
            chunks = index;
        }
        index.add(offset, length, count, base, wall);
        bytes += length;
        maxWall = Math.max(maxWall, wall);
        lastLogTime = Math.max(lastLogTime, logTime);
        end = base + count;
    }
}
