// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A buffer over part of a file, moved along as it is read. For one thread at a time. */
final class Window {
    private ByteBuffer buffer;
    private long start;
    private int length;

    Window(int capacity) {
        buffer = ByteBuffer.allocateDirect(capacity);
    }

    ByteBuffer buffer() {
        return buffer;
    }

    int capacity() {
        return buffer.capacity();
    }

    /** How many bytes are in the buffer. */
    int loaded() {
        return length;
    }

    /** Forgets what was read; the next load is from another file. */
    void clear() {
        length = 0;
    }

    /**
     * Brings bytes of the file into the buffer.
     *
     * @param need how many bytes from the offset on must be there
     * @param want how many may be read at once when a read is needed
     * @return the index of the offset in the buffer, or -1 when the file ends before
     */
    int load(StorageFile file, long offset, int need, int want) throws IOException {
        if (length > 0 && offset >= start && offset + need <= start + length) {
            buffer.clear();
            return (int) (offset - start);
        }
        if (need > buffer.capacity()) {
            buffer = ByteBuffer.allocateDirect(Math.max(need, want));
        }
        start = offset;
        length = 0;
        buffer.clear().limit(Math.clamp(want, need, buffer.capacity()));
        while (buffer.hasRemaining()) {
            int step = file.read(buffer, offset + buffer.position());
            if (step <= 0) {
                break;
            }
        }
        length = buffer.position();
        buffer.clear();
        return length < need ? -1 : 0;
    }
}
