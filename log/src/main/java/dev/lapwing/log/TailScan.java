// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The judgement over the segment that was written to last. The chunks tell up to where everything
 * was durable: below that, what is not whole is damage; above it, whole batches are taken one by
 * one, and the first that is not whole is a torn one, cut off with all that follows.
 */
final class TailScan implements SegmentScan.Visitor {
    private final StorageFile file;
    private final long size;
    private final SegmentScan scan;
    private final List<Found> chunks = new ArrayList<>();
    private long durableEnd;
    private long end = SegmentHeader.BYTES;
    private long lastSequence;
    private long lastWall = Long.MIN_VALUE;
    private long lastLogTime = Long.MIN_VALUE;
    private ChunkEcho lastEcho = ChunkEcho.NONE;
    private boolean marked;

    /** One chunk that the walk met, and what a chunk behind it has to echo. */
    private record Found(
            long offset, long sequence, int part, int flags, boolean whole, ChunkEcho echo) {
        long end() {
            return offset + echo.length();
        }

        boolean isLast() {
            return (flags & Chunk.LAST_IN_BATCH) != 0;
        }
    }

    /** A scan of the file; epoch 0 when its header is lost. */
    TailScan(StorageFile file, int epoch) throws IOException {
        this.file = file;
        this.size = file.size();
        this.scan = new SegmentScan(file, epoch, size);
    }

    void run() throws IOException {
        scan.walk(SegmentHeader.BYTES, this);
        if (durableEnd > SegmentHeader.BYTES) {
            end = durableEnd;
        }
        for (var chunk : chunks) {
            if (chunk.offset < end) {
                take(chunk);
            }
        }
        takeBatches();
    }

    private void takeBatches() {
        int at = 0;
        while (at < chunks.size() && chunks.get(at).offset < end) {
            at++;
        }
        while (at < chunks.size()) {
            int after = wholeBatch(at);
            if (after < 0) {
                return;
            }
            take(chunks.get(after - 1));
            at = after;
        }
    }

    private void take(Found last) {
        marked = (last.flags & Chunk.MARKER) != 0;
        lastSequence = Math.max(lastSequence, last.sequence);
        if (!marked) {
            end = Math.max(end, last.end());
        }
        lastEcho = last.echo;
    }

    /** The chunk after the batch that begins here, or -1 when the batch is not whole. */
    private int wholeBatch(int from) {
        long expected = end;
        for (int at = from; at < chunks.size(); at++) {
            var chunk = chunks.get(at);
            boolean fits =
                    chunk.whole
                            && chunk.offset == expected
                            && chunk.part == at - from
                            && chunk.sequence > lastSequence
                            && chunk.sequence == chunks.get(from).sequence;
            if (!fits) {
                return -1;
            }
            if (chunk.isLast()) {
                return at + 1;
            }
            expected = chunk.end();
        }
        return -1;
    }

    @Override
    public void chunk(long offset, ByteBuffer buffer, int at, boolean bodyIntact) {
        chunks.add(
                new Found(
                        offset,
                        Chunk.sequence(buffer, at),
                        Chunk.part(buffer, at),
                        Chunk.flags(buffer, at),
                        bodyIntact,
                        isMark(buffer, at) ? Chunk.echo(buffer, at) : Chunk.echoOf(buffer, at)));
        durableEnd = Math.max(durableEnd, Chunk.durableEnd(buffer, at));
        lastWall = Math.max(lastWall, Chunk.wall(buffer, at));
        lastLogTime = Math.max(lastLogTime, Chunk.logTime(buffer, at));
    }

    private static boolean isMark(ByteBuffer buffer, int at) {
        return (Chunk.flags(buffer, at) & Chunk.MARKER) != 0;
    }

    @Override
    public void headless(long offset, ChunkEcho echo, ByteBuffer nextBuffer, int nextAt) {}

    @Override
    public void damage(long from, long to) {}

    /** Whether there is nothing in the segment that was ever confirmed, or may be taken. */
    boolean isEmpty() {
        return end <= SegmentHeader.BYTES;
    }

    /** Up to here everything was durable. */
    long durableEnd() {
        return Math.max(durableEnd, SegmentHeader.BYTES);
    }

    /** Where what is taken ends. */
    long end() {
        return end;
    }

    /** Where what is taken ends, with the marker behind it. */
    long fileEnd() {
        return marked ? end + Chunk.HEADER : end;
    }

    /** How many bytes of a torn batch are behind the end. */
    long tornBytes() throws IOException {
        return new SegmentScan(file, scan.epoch(), size).contentEnd(fileEnd()) - fileEnd();
    }

    /** Whether there is nothing to mend. */
    boolean isMarked() {
        return marked && end == durableEnd;
    }

    /** What a chunk behind the end has to echo. */
    ChunkEcho lastEcho() {
        return lastEcho;
    }

    int epoch() {
        return scan.epoch();
    }

    long lastSequence() {
        return lastSequence;
    }

    long lastWall() {
        return lastWall;
    }

    long lastLogTime() {
        return lastLogTime;
    }
}
