// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A place in a stream from which records are read in order. Never goes past what is stored. For one
 * thread at a time, interrupted or not; needs no closing.
 *
 * <p>A reader that has caught up holds no buffer; one that has not holds a window of {@link
 * LogSettings#readWindowBytes()}.
 */
public final class LogReader {
    private final LogStream stream;
    private final Log log;
    private final Checksum checksum = new Checksum();
    private long position;

    private @Nullable Window window;
    private @Nullable Extent extent;
    private @Nullable ChunkIndex chunks;
    private int chunk;

    /** Where in its chunk the record at the position begins, or 0 when that is not known. */
    private int recordOffset;

    LogReader(LogStream stream, long fromPosition) {
        this.stream = stream;
        this.log = stream.log;
        this.position = Math.max(0, fromPosition);
    }

    /** The position of the next record. */
    public long position() {
        return position;
    }

    /** Goes on from another position. */
    public void seek(long newPosition) {
        if (newPosition != position) {
            position = Math.max(0, newPosition);
            forget();
        }
    }

    /**
     * Hands over records, in order, until one of the limits is reached or there is no more for now.
     * Records that were trimmed away are passed over; lost ones are told as {@link Damage}. An
     * exception of the consumer passes through, and the record is handed over again next time.
     *
     * @param maxRecords at most this many records
     * @param maxBytes stops after the record that reaches this many bytes
     * @return how many records were handed over; 0 when there is nothing more for now
     * @throws LogException when the file cannot be read
     */
    public int read(int maxRecords, long maxBytes, RecordConsumer consumer) {
        var pass = new Pass(maxRecords, maxBytes, consumer);
        while (pass.goesOn()) {
            long first = stream.first();
            if (position < first) {
                seek(first);
            }
            if (position >= stream.end()) {
                giveBack();
                break;
            }
            if (findChunk()) {
                readChunk(pass);
            } else {
                passGap(consumer);
            }
        }
        return pass.records;
    }

    private void forget() {
        extent = null;
        chunks = null;
        recordOffset = 0;
        var held = window;
        if (held != null) {
            held.clear();
        }
    }

    private void giveBack() {
        var held = window;
        if (held != null) {
            window = null;
            log.windows().giveBack(held);
        }
    }

    private Window window() {
        var held = window;
        if (held == null) {
            held = log.windows().take();
            window = held;
        }
        return held;
    }

    /** Finds the chunk that holds the position; false when none does. */
    private boolean findChunk() {
        var index = chunks;
        var within = extent;
        if (index == null || within == null || within.segment.isRetired()) {
            return findAnew();
        }
        while (chunk < index.size() && position >= index.end(chunk)) {
            chunk++;
            recordOffset = 0;
        }
        return chunk < index.size() ? position >= index.base(chunk) : findAnew();
    }

    private boolean findAnew() {
        forget();
        var next = stream.extentFor(position);
        if (next == null || position < next.first) {
            return false;
        }
        var index = load(next);
        int found = index.find(position);
        if (found < 0 || position >= index.end(found)) {
            return false;
        }
        extent = next;
        chunks = index;
        chunk = found;
        return true;
    }

    private ChunkIndex load(Extent of) {
        try {
            return log.chunks(of);
        } catch (IOException failed) {
            throw unreadable(of.segment, failed);
        }
    }

    private LogException unreadable(Segment segment, IOException failed) {
        return new LogException(
                "%s: cannot read %s (%s); check the disk, then verify the log"
                        .formatted(log.place(), segment.name(), failed.getMessage()),
                failed);
    }

    /** Tells that what should be between the position and the next chunk is lost. */
    private void passGap(RecordConsumer consumer) {
        long next = nextKnown();
        forget();
        if (next > position && position >= stream.first()) {
            tell(consumer, position, next, null, "records are missing");
            position = next;
        }
    }

    /**
     * Where the next chunk begins; the position itself when it is there after all, after a swap.
     */
    private long nextKnown() {
        long end = stream.end();
        for (var at : stream.extents()) {
            if (at.end > position) {
                var index = load(at);
                if (at.segment.isRetired()) {
                    return position;
                }
                int found = index.find(position);
                if (found >= 0 && position < index.end(found)) {
                    return position;
                }
                if (found + 1 < index.size()) {
                    return Math.clamp(index.base(found + 1), position, end);
                }
            }
        }
        return end;
    }

    private void readChunk(Pass pass) {
        var within = extent;
        var index = chunks;
        if (within == null || index == null) {
            return;
        }
        try {
            Optional<StorageFile> file = within.segment.acquire();
            if (file.isEmpty()) {
                forget();
                return;
            }
            try {
                read(file.get(), within, index, pass);
            } finally {
                within.segment.release();
            }
        } catch (IOException failed) {
            throw unreadable(within.segment, failed);
        }
    }

    /** Hands over chunks as long as the window holds the next one too. */
    private void read(StorageFile file, Extent within, ChunkIndex index, Pass pass)
            throws IOException {
        while (pass.goesOn() && chunk < index.size()) {
            if (position < index.base(chunk)) {
                return;
            }
            if (!readOne(file, within, index, pass)) {
                return;
            }
            if (position >= index.end(chunk)) {
                chunk++;
                recordOffset = 0;
            }
        }
    }

    private boolean readOne(StorageFile file, Extent within, ChunkIndex index, Pass pass)
            throws IOException {
        int length = index.length(chunk);
        long offset = index.offset(chunk);
        var view = window();
        int at = view.load(file, offset, length, wanted(index, view.capacity()));
        int headerChecksum = 0;
        boolean whole = at >= 0;
        if (whole) {
            var buffer = view.buffer();
            int epoch = within.segment.header.epoch();
            if (Chunk.headerIntact(buffer, at, epoch, checksum)) {
                whole =
                        Chunk.stream(buffer, at) == within.stream
                                && Chunk.base(buffer, at) == index.base(chunk);
                headerChecksum = Chunk.headerChecksum(buffer, at);
            } else {
                var echo = echoOf(file, within, index);
                whole = echo.isPresent();
                headerChecksum = echo.map(ChunkEcho::headerChecksum).orElse(0);
                at = view.load(file, offset, length, length);
            }
        }
        if (!whole || at < 0) {
            lose(within, index, index.end(chunk), "chunk is damaged", pass.consumer);
            return true;
        }
        return readRecords(view.buffer(), at, headerChecksum, within, index, pass);
    }

    /** How far a read should go: over the chunks that follow closely. */
    private int wanted(ChunkIndex index, int capacity) {
        long from = index.offset(chunk);
        long to = from + index.length(chunk);
        int known = index.size();
        for (int next = chunk + 1; next < known; next++) {
            long end = (long) index.offset(next) + index.length(next);
            if (end - from > capacity || index.offset(next) - to > 16 * 1024) {
                break;
            }
            to = end;
        }
        return (int) (to - from);
    }

    /** What the chunk behind says about this one, whose header is damaged. */
    private Optional<ChunkEcho> echoOf(StorageFile file, Extent within, ChunkIndex index)
            throws IOException {
        var head = new Window(Chunk.HEADER);
        long behind = (long) index.offset(chunk) + index.length(chunk);
        int at = head.load(file, behind, Chunk.HEADER, Chunk.HEADER);
        if (at < 0
                || !Chunk.headerIntact(
                        head.buffer(), at, within.segment.header.epoch(), checksum)) {
            return Optional.empty();
        }
        return Optional.of(Chunk.echo(head.buffer(), at))
                .filter(echo ->
                        echo.length() == index.length(chunk)
                                && echo.stream() == within.stream
                                && echo.base() == index.base(chunk));
    }

    private boolean readRecords(
            ByteBuffer buffer,
            int at,
            int headerChecksum,
            Extent within,
            ChunkIndex index,
            Pass pass) {
        int end = at + index.length(chunk);
        long recordPosition = index.base(chunk);
        int record = at + Chunk.HEADER;
        if (recordOffset > 0) {
            recordPosition = position;
            record = at + recordOffset;
        }
        long endPosition = index.end(chunk);
        long wall = index.wall(chunk);
        while (recordPosition < endPosition && pass.goesOn()) {
            int length = Chunk.recordLength(buffer, record, end);
            if (recordPosition < position && length >= 0) {
                record += Chunk.RECORD_HEADER + length;
                recordPosition++;
                continue;
            }
            if (length < 0
                    || Chunk.recordIntact(buffer, record, end, headerChecksum, checksum) < 0) {
                var next = new RecordSearch(buffer, end, headerChecksum, checksum);
                long found = next.after(record, recordPosition, endPosition);
                lose(within, index, found, "record is damaged", pass.consumer);
                recordPosition = found;
                record = next.offset();
                recordOffset = record - at;
                continue;
            }
            int body = record + Chunk.RECORD_HEADER;
            pass.hand(position, wall, buffer.limit(body + length).position(body), length);
            buffer.limit(buffer.capacity());
            record = body + length;
            recordPosition++;
            position = recordPosition;
            recordOffset = record - at;
        }
        return true;
    }

    private void lose(
            Extent within, ChunkIndex index, long to, String detail, RecordConsumer consumer) {
        var damaged = index.offset(chunk);
        tell(consumer, position, to, within.segment, damaged, index.length(chunk), detail);
        position = to;
    }

    private void tell(
            RecordConsumer consumer, long from, long to, @Nullable Segment in, String detail) {
        tell(consumer, from, to, in, -1, 0, detail);
    }

    private void tell(
            RecordConsumer consumer,
            long from,
            long to,
            @Nullable Segment in,
            long offset,
            int length,
            String detail) {
        var damage =
                new Damage(
                        stream.name(),
                        from,
                        to,
                        in == null ? -1 : in.id(),
                        offset,
                        offset + length,
                        detail);
        log.owner().damaged(damage);
        consumer.damaged(damage);
    }

    /** The limits of one call of {@link #read}, and what it did so far. */
    private static final class Pass {
        private final int maxRecords;
        private final long maxBytes;
        private final RecordConsumer consumer;
        private int records;
        private long bytes;

        Pass(int maxRecords, long maxBytes, RecordConsumer consumer) {
            this.maxRecords = maxRecords;
            this.maxBytes = maxBytes;
            this.consumer = consumer;
        }

        boolean goesOn() {
            return records < maxRecords && bytes < maxBytes;
        }

        void hand(long position, long wall, ByteBuffer view, int length) {
            consumer.record(position, wall, view);
            records++;
            bytes += length;
        }
    }
}
