// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;

/** The search for the next undamaged record in a chunk behind a damaged one. */
final class RecordSearch {
    private final ByteBuffer buffer;
    private final int end;
    private final int headerChecksum;
    private final Checksum checksum;
    private int offset;

    RecordSearch(ByteBuffer buffer, int end, int headerChecksum, Checksum checksum) {
        this.buffer = buffer;
        this.end = end;
        this.headerChecksum = headerChecksum;
        this.checksum = checksum;
    }

    /** Where the record that {@link #after} found begins. */
    int offset() {
        return offset;
    }

    /**
     * The position of the next whole record behind the damaged one at this index, or the end
     * position of the chunk. If the damaged one's length holds, the next one follows it; else the
     * next one is where undamaged records fill the rest of the chunk, which counts them.
     */
    long after(int damaged, long position, long endPosition) {
        int length = Chunk.recordLength(buffer, damaged, end);
        if (length >= 0) {
            int next = damaged + Chunk.RECORD_HEADER + length;
            boolean fits = position + 1 == endPosition ? next == end : intact(next);
            if (fits) {
                offset = next;
                return position + 1;
            }
        }
        for (int at = damaged + 1; at + Chunk.RECORD_HEADER <= end; at++) {
            int count = intact(at) ? chain(at) : 0;
            if (count > 0 && count < endPosition - position) {
                offset = at;
                return endPosition - count;
            }
        }
        offset = end;
        return endPosition;
    }

    private boolean intact(int at) {
        return Chunk.recordIntact(buffer, at, end, headerChecksum, checksum) >= 0;
    }

    /** How many undamaged records fill the chunk from here on, or 0 when they do not. */
    private int chain(int from) {
        int count = 0;
        int at = from;
        while (at < end) {
            int length = Chunk.recordIntact(buffer, at, end, headerChecksum, checksum);
            if (length < 0) {
                return 0;
            }
            at += Chunk.RECORD_HEADER + length;
            count++;
        }
        return count;
    }
}
