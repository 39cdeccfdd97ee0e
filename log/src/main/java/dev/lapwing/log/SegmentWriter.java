// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The file that the log appends to. The writer thread's own. */
final class SegmentWriter {
    final Segment segment;
    private final StorageFile file;

    /** Where the next chunk goes. */
    private long offset;

    /** Up to here everything is forced. */
    private long durableEnd;

    private long limit;

    private long dataStart;

    private ChunkEcho echo = ChunkEcho.NONE;
    private long written;

    SegmentWriter(Segment segment, StorageFile file, long limit) {
        this.segment = segment;
        this.file = file;
        this.limit = limit;
    }

    long offset() {
        return offset;
    }

    long durableEnd() {
        return durableEnd;
    }

    ChunkEcho echo() {
        return echo;
    }

    /** Where the file should end. */
    long limit() {
        return limit;
    }

    long room() {
        return limit - offset;
    }

    /** Ends the head; what follows gets half of the room at least, however large the head is. */
    void beginData() {
        dataStart = offset;
        limit = Math.max(limit, offset + limit / 2);
    }

    boolean isFresh() {
        return offset == dataStart;
    }

    boolean isDirty() {
        return durableEnd < offset;
    }

    /** Appends the remaining bytes, whose last chunk the next one has to echo. */
    void append(ByteBuffer bytes, ChunkEcho last) throws IOException {
        int length = bytes.remaining();
        write(bytes, offset);
        offset += length;
        echo = last;
    }

    /** Writes behind the end, where the next append will write again. */
    void writeAhead(ByteBuffer bytes) throws IOException {
        write(bytes, offset);
    }

    private void write(ByteBuffer bytes, long position) throws IOException {
        written = position;
        while (bytes.hasRemaining()) {
            int step = file.write(bytes, written);
            if (step <= 0) {
                throw new IOException("No space left: nothing was written to " + segment.name());
            }
            written += step;
        }
    }

    void force() throws IOException {
        file.force();
        durableEnd = offset;
    }

    /** Takes a failed append back: zeros over what was written of it. */
    void wipe() throws IOException {
        if (written > offset) {
            file.preallocate(offset, written);
        }
    }

    /** Cuts what was prepared and is not used. */
    void cutAt(long end) throws IOException {
        file.truncate(end);
    }

    void close() throws IOException {
        file.close();
    }
}
