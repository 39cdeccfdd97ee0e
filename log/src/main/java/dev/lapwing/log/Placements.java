// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.Arrays;

/** Where the chunks of a batch are, counted from where the batch begins. */
final class Placements {
    private LogStream[] streams = new LogStream[64];
    private int[] at = new int[64];
    private ChunkEcho[] echoes = new ChunkEcho[64];
    private int size;

    void clear() {
        Arrays.fill(streams, 0, size, null);
        Arrays.fill(echoes, 0, size, null);
        size = 0;
    }

    void add(LogStream stream, int offset, ChunkEcho echo) {
        if (size == at.length) {
            streams = Arrays.copyOf(streams, size * 2);
            at = Arrays.copyOf(at, size * 2);
            echoes = Arrays.copyOf(echoes, size * 2);
        }
        streams[size] = stream;
        at[size] = offset;
        echoes[size] = echo;
        size++;
    }

    /** Adds all of them to the extents of the segment, for a batch that began at this offset. */
    void index(Segment segment, long offset, long wall, long logTime) {
        for (int i = 0; i < size; i++) {
            var stream = streams[i];
            var echo = echoes[i];
            var extent = stream.batch.extent;
            if (extent == null || extent.segment != segment) {
                extent = segment.extent(stream.id, echo.base(), logTime);
                stream.batch.extent = extent;
            }
            boolean fresh = extent.chunks == null;
            extent.add(
                    (int) (offset + at[i]),
                    echo.length(),
                    echo.count(),
                    echo.base(),
                    wall,
                    logTime);
            if (fresh) {
                stream.addExtent(extent);
            }
        }
    }
}
