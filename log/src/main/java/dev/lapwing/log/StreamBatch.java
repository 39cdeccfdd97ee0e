// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

/** The appends of one stream in the batch at hand, oldest first. The writer thread's own. */
final class StreamBatch {
    final LogStream stream;
    @Nullable Append head;
    @Nullable Append tail;
    int chunkBytes;

    /** Whether a record that makes the stream known is on its way. */
    boolean registering;

    /** The extent of the stream in the segment that is written to. */
    @Nullable Extent extent;

    StreamBatch(LogStream stream) {
        this.stream = stream;
    }

    boolean isEmpty() {
        return head == null;
    }

    void clear() {
        head = null;
        tail = null;
        chunkBytes = 0;
    }

    void add(Append append) {
        append.chunkNext = null;
        var last = tail;
        if (last == null) {
            head = append;
        } else {
            last.chunkNext = append;
        }
        tail = append;
    }
}
