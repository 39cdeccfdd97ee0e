// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The undamaged records of a chunk, as runs of positions without a gap. */
final class ChunkRuns {
    private final List<Run> runs = new ArrayList<>();

    /** Records that follow each other in position and in the buffer. */
    record Run(long position, int count, int from, int to) {}

    /** The runs of the chunk at the index, whose header said this. */
    ChunkRuns(ByteBuffer buffer, int at, ChunkEcho header, Checksum checksum) {
        int end = at + header.length();
        int crc = header.headerChecksum();
        long position = header.base();
        long endPosition = position + header.count();
        int record = at + Chunk.HEADER;
        long first = position;
        int from = record;
        while (position < endPosition) {
            int length = Chunk.recordIntact(buffer, record, end, crc, checksum);
            if (length >= 0) {
                record += Chunk.RECORD_HEADER + length;
                position++;
                continue;
            }
            add(first, position, from, record);
            var search = new RecordSearch(buffer, end, crc, checksum);
            position = search.after(record, position, endPosition);
            record = search.offset();
            first = position;
            from = record;
        }
        add(first, position, from, record);
    }

    private void add(long first, long end, int from, int to) {
        if (end > first) {
            runs.add(new Run(first, (int) (end - first), from, to));
        }
    }

    List<Run> runs() {
        return runs;
    }

    int records() {
        return runs.stream().mapToInt(Run::count).sum();
    }
}
