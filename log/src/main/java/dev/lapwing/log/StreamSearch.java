// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** The answers to questions about a stream by time and by size. */
final class StreamSearch {
    private final LogStream stream;
    private final Log log;

    private StreamSearch(LogStream stream) {
        this.stream = stream;
        this.log = stream.log;
    }

    /**
     * The first record whose wall clock time is at or after this. Wall clock times need not be in
     * order, so each extent knows its latest, and chunks are looked through one by one.
     */
    long positionAt(long wallMillis) {
        long first = stream.first();
        for (var extent : stream.extents()) {
            if (extent.end > first && extent.maxWall >= wallMillis) {
                var chunks = chunks(extent);
                for (int i = 0; i < chunks.size(); i++) {
                    if (chunks.end(i) > first && chunks.wall(i) >= wallMillis) {
                        return Math.max(first, chunks.base(i));
                    }
                }
            }
        }
        return stream.end();
    }

    /** The first record that was appended after this moment of the log's clock. */
    long positionAfter(long logTime) {
        long first = stream.first();
        for (var extent : stream.extents()) {
            if (extent.end > first && extent.lastLogTime > logTime) {
                return Math.max(first, positionAfter(extent, logTime));
            }
        }
        return stream.end();
    }

    /** Within one extent the log's clock never goes back. */
    private long positionAfter(Extent extent, long logTime) {
        if (extent.firstLogTime > logTime) {
            return extent.first;
        }
        var chunks = chunks(extent);
        int low = 0;
        int high = chunks.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (logTime(extent, chunks, middle) > logTime) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return chunks.base(low);
    }

    /** Read from the chunk itself; one that cannot be read counts as old as its extent. */
    private long logTime(Extent extent, ChunkIndex chunks, int chunk) {
        var head = new Window(Chunk.HEADER);
        try {
            Optional<StorageFile> file = extent.segment.acquire();
            if (file.isEmpty()) {
                return extent.firstLogTime;
            }
            try {
                int at = head.load(file.get(), chunks.offset(chunk), Chunk.HEADER, Chunk.HEADER);
                boolean whole =
                        at >= 0
                                && Chunk.headerIntact(
                                        head.buffer(),
                                        at,
                                        extent.segment.header.epoch(),
                                        new Checksum());
                return whole ? Chunk.logTime(head.buffer(), at) : extent.firstLogTime;
            } finally {
                extent.segment.release();
            }
        } catch (IOException failed) {
            return extent.firstLogTime;
        }
    }

    /** The first position from which on at most this many bytes are there. */
    long positionKeeping(long bytes) {
        var extents = stream.extents();
        long left = bytes;
        for (int i = extents.length - 1; i >= 0; i--) {
            var extent = extents[i];
            if (extent.bytes > left) {
                return Math.max(stream.first(), positionKeeping(extent, left));
            }
            left -= extent.bytes;
        }
        return stream.first();
    }

    private long positionKeeping(Extent extent, long bytes) {
        var chunks = chunks(extent);
        long left = bytes;
        for (int i = chunks.size() - 1; i >= 0; i--) {
            left -= chunks.length(i);
            if (left < 0) {
                return chunks.end(i);
            }
        }
        return extent.first;
    }

    StreamSize size() {
        long first = stream.first();
        long bytes = 0;
        long oldest = Long.MAX_VALUE;
        for (var extent : stream.extents()) {
            if (extent.end > first) {
                bytes += extent.first >= first ? extent.bytes : liveBytes(extent, first);
                oldest = Math.min(oldest, oldest(extent, first));
            }
        }
        var age = oldest == Long.MAX_VALUE ? 0 : Math.max(0, log.time().now() - oldest);
        return new StreamSize(stream.end() - first, bytes, Duration.ofMillis(age));
    }

    private long oldest(Extent extent, long first) {
        if (extent.first >= first) {
            return extent.firstLogTime;
        }
        var chunks = chunks(extent);
        return logTime(extent, chunks, Math.max(0, chunks.find(first)));
    }

    private long liveBytes(Extent extent, long first) {
        var chunks = chunks(extent);
        long bytes = 0;
        for (int i = Math.max(0, chunks.find(first)); i < chunks.size(); i++) {
            bytes += chunks.length(i);
        }
        return bytes;
    }

    private ChunkIndex chunks(Extent extent) {
        try {
            var chunks = log.chunks(extent);
            if (extent.segment.isRetired()) {
                throw new Moved();
            }
            return chunks;
        } catch (IOException failed) {
            throw new LogException(
                    "%s: cannot read the index of %s; check the disk"
                            .formatted(log.place(), extent.segment.name()),
                    failed);
        }
    }

    /** Asks again when segments were replaced or deleted meanwhile. */
    static <T> T ask(LogStream stream, Function<StreamSearch, T> question) {
        while (true) {
            try {
                return question.apply(new StreamSearch(stream));
            } catch (Moved again) {
                Thread.onSpinWait();
            }
        }
    }

    /** Thrown when an extent that was looked at is not the stream's any more. */
    private static final class Moved extends RuntimeException {
        private static final long serialVersionUID = 1;

        Moved() {
            super(null, null, false, false);
        }
    }
}
