// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Rewrites one sealed segment without its dead chunks: into a file of its own, forced, which then
 * takes the segment's name. Chunks are copied as they are. A segment in which anything is damaged
 * is left alone, so that nothing is lost that could still be rescued.
 */
final class Compactor {
    private final Log log;
    private final Storage storage;
    private final Segment old;
    private final Checksum checksum = new Checksum();

    Compactor(Log log, Segment old) {
        this.log = log;
        this.storage = log.storage();
        this.old = old;
    }

    /** A chunk that stays. */
    private record Kept(int offset, int length, int count, long base, long wall, int stream) {}

    /** The bytes of the file that some chunk accounts for. */
    static long accounted(Segment segment) {
        long bytes = segment.snapshotBytes;
        for (var extent : segment.extents.values()) {
            bytes += extent.bytes;
        }
        return SegmentHeader.BYTES + bytes;
    }

    /** The segment that takes the old one's place; empty when there is damage in the old one. */
    Optional<Segment> compact(Sweeper sweeper) throws IOException {
        if (accounted(old) != old.end) {
            return Optional.empty();
        }
        var held = old.acquire();
        if (held.isEmpty()) {
            return Optional.empty();
        }
        try {
            return rewrite(sweeper, held.get());
        } finally {
            old.release();
        }
    }

    private Optional<Segment> rewrite(Sweeper sweeper, StorageFile source) throws IOException {
        var live = new ArrayList<Extent>();
        for (var extent : old.extents.values()) {
            if (sweeper.isLive(extent)) {
                live.add(extent);
            }
        }
        long snapshot = old.id() >= sweeper.stateFrom() ? old.snapshotBytes : 0;
        var kept = keptChunks(live);
        long end = SegmentHeader.BYTES + snapshot;
        for (var chunk : kept) {
            end += chunk.length();
        }
        var header = compactedHeader(end);
        var result = new Segment(storage, header, end);
        result.snapshotBytes = snapshot;
        result.sealed = true;
        var name = SegmentNames.compacting(old.id());
        storage.delete(name);
        try (var target = storage.create(name)) {
            if (!copy(source, target, result, kept)) {
                storage.delete(name);
                return Optional.empty();
            }
            target.force();
        } catch (IOException failed) {
            storage.delete(name);
            throw failed;
        }
        swap(name, result);
        return Optional.of(result);
    }

    private List<Kept> keptChunks(List<Extent> live) throws IOException {
        var kept = new ArrayList<Kept>();
        for (var extent : live) {
            var chunks = log.chunks(extent);
            for (int i = 0; i < chunks.size(); i++) {
                kept.add(
                        new Kept(
                                chunks.offset(i),
                                chunks.length(i),
                                chunks.count(i),
                                chunks.base(i),
                                chunks.wall(i),
                                extent.stream));
            }
        }
        kept.sort(Comparator.comparingInt(Kept::offset));
        return kept;
    }

    private SegmentHeader compactedHeader(long end) {
        var header = old.header;
        return new SegmentHeader(
                header.id(),
                header.epoch(),
                header.generation() + 1,
                header.wall(),
                header.logTime(),
                header.previousId(),
                header.previousEnd(),
                end);
    }

    private boolean copy(StorageFile source, StorageFile target, Segment result, List<Kept> kept)
            throws IOException {
        var head = ByteBuffer.allocate(SegmentHeader.BYTES);
        result.header.encode(head, checksum);
        write(target, head.clear(), 0);
        var window = new Window(256 * 1024);
        long at = SegmentHeader.BYTES;
        while (at < SegmentHeader.BYTES + result.snapshotBytes) {
            int length = intactChunk(source, window, at);
            if (length < 0) {
                return false;
            }
            write(target, chunkIn(window, at, length, source), at);
            at += length;
        }
        var last = ChunkEcho.NONE;
        for (var chunk : kept) {
            if (intactChunk(source, window, chunk.offset()) != chunk.length()) {
                return false;
            }
            var bytes = chunkIn(window, chunk.offset(), chunk.length(), source);
            long logTime = Chunk.logTime(bytes, bytes.position());
            last = Chunk.echoOf(bytes, bytes.position());
            write(target, bytes, at);
            result.extent(chunk.stream(), chunk.base(), logTime)
                    .add(
                            (int) at,
                            chunk.length(),
                            chunk.count(),
                            chunk.base(),
                            chunk.wall(),
                            logTime);
            at += chunk.length();
        }
        write(target, marker(last, at), at);
        return true;
    }

    private ByteBuffer marker(ChunkEcho last, long end) {
        var fields = new ChunkFields();
        fields.epoch = old.header.epoch();
        fields.wall = old.header.wall();
        fields.logTime = old.header.logTime();
        fields.durableEnd = end;
        var buffer = ByteBuffer.allocate(Chunk.HEADER);
        Chunk.writeMarker(buffer, fields, last, checksum);
        return buffer;
    }

    /** The length of the undamaged chunk here, or -1. */
    private int intactChunk(StorageFile source, Window window, long offset) throws IOException {
        int at = window.load(source, offset, Chunk.HEADER, window.capacity());
        if (at < 0 || !Chunk.headerIntact(window.buffer(), at, old.header.epoch(), checksum)) {
            return -1;
        }
        int length = Chunk.length(window.buffer(), at);
        at = window.load(source, offset, length, window.capacity());
        return at >= 0 && Chunk.bodyIntact(window.buffer(), at, checksum) ? length : -1;
    }

    private static ByteBuffer chunkIn(Window window, long offset, int length, StorageFile source)
            throws IOException {
        int at = window.load(source, offset, length, length);
        return window.buffer().limit(at + length).position(at);
    }

    private static void write(StorageFile target, ByteBuffer bytes, long from) throws IOException {
        for (long at = from; bytes.hasRemaining(); ) {
            int step = target.write(bytes, at);
            if (step <= 0) {
                throw new IOException("No space left: nothing was written");
            }
            at += step;
        }
    }

    /** Readers hold the old file until they are done with it, and find the new one next time. */
    private void swap(String name, Segment result) throws IOException {
        log.swapping().lock();
        try {
            storage.rename(name, result.name());
            log.segments().replace(old, result);
            for (var extent : old.extents.values()) {
                var replacement = Optional.ofNullable(result.extents.get(extent.stream));
                log.numbered(extent.stream)
                        .ifPresent(stream -> stream.replaceExtent(extent, replacement));
            }
            old.retire();
        } finally {
            log.swapping().unlock();
        }
        storage.syncDirectory();
    }
}
