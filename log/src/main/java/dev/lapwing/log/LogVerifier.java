// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A look at every byte of a log that is not open, without changing any of them. For one thread, and
 * one use.
 */
public final class LogVerifier {
    private final Storage storage;
    private final Checksum checksum = new Checksum();
    private final List<SegmentReport> segments = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();

    private LogVerifier(Storage storage) {
        this.storage = storage;
    }

    /**
     * Reads the whole log and reports.
     *
     * @throws LogLockedException when the log is open
     * @throws LogException when a file cannot be read
     */
    public static VerifyReport verify(Storage storage) {
        try (var _ = storage.lock()) {
            return new LogVerifier(storage).run();
        } catch (IOException failed) {
            throw new LogException(
                    "%s: cannot read the log (%s); check the disk"
                            .formatted(storage.place(), failed),
                    failed);
        }
    }

    private VerifyReport run() throws IOException {
        var ids = new TreeMap<Long, String>();
        for (var name : storage.list()) {
            SegmentNames.id(name, SegmentNames.LOG).ifPresent(id -> ids.put(id, name));
        }
        for (long id : ids.keySet()) {
            verify(id, id == ids.lastKey());
        }
        return new VerifyReport(List.copyOf(segments), List.copyOf(damages));
    }

    private void verify(long id, boolean last) throws IOException {
        try (var file = storage.openForReading(SegmentNames.log(id))) {
            var head = ByteBuffer.allocate(SegmentHeader.BYTES);
            while (head.hasRemaining() && file.read(head, head.position()) > 0) {
                continue;
            }
            head.clear();
            int copies = SegmentHeader.intactCopies(head, checksum);
            var header = SegmentHeader.decode(head, checksum);
            var scan =
                    new SegmentScan(file, header.map(SegmentHeader::epoch).orElse(0), file.size());
            var counter = new Counter(id);
            long good = scan.walk(SegmentHeader.BYTES, counter);
            long content = scan.contentEnd(good);
            boolean torn = last && good >= counter.durableEnd;
            if (content > good && !torn) {
                counter.damage(good, content);
            }
            if (copies < 2 && counter.chunks > 0) {
                damages.add(told(id, 0, SegmentHeader.BYTES, "header of the segment"));
            }
            boolean indexed = header.isPresent() && isIndexed(header.get());
            segments.add(
                    new SegmentReport(
                            id,
                            file.size(),
                            counter.chunks,
                            counter.records,
                            counter.damaged,
                            torn ? content - good : 0,
                            indexed));
        }
    }

    /** Reports an index that is there and does not fit; it will be built again. */
    private boolean isIndexed(SegmentHeader header) throws IOException {
        var name = SegmentNames.index(header.id());
        if (!storage.exists(name)) {
            return false;
        }
        var index = new IndexFile(storage);
        var end = index.end(header);
        boolean fits = end.isPresent() && chunksFit(index, new Segment(storage, header, end.get()));
        if (!fits) {
            damages.add(told(header.id(), -1, -1, "index file; it will be built again"));
        }
        return fits;
    }

    private static boolean chunksFit(IndexFile index, Segment segment) throws IOException {
        boolean fits = index.readExtents(segment);
        for (int stream : segment.extents.keySet()) {
            fits &= index.readChunks(segment, stream).isPresent();
        }
        return fits;
    }

    private static Damage told(long id, long from, long to, String detail) {
        return new Damage("", -1, -1, id, from, to, detail);
    }

    /** Counts what a walk meets. */
    private final class Counter implements SegmentScan.Visitor {
        private final long id;
        private int chunks;
        private long records;
        private long damaged;
        private long durableEnd;

        Counter(long id) {
            this.id = id;
        }

        @Override
        public void chunk(long offset, ByteBuffer buffer, int at, boolean bodyIntact) {
            durableEnd = Math.max(durableEnd, Chunk.durableEnd(buffer, at));
            if ((Chunk.flags(buffer, at) & Chunk.MARKER) != 0) {
                return;
            }
            chunks++;
            int count = Chunk.count(buffer, at);
            if (bodyIntact) {
                records += count;
                return;
            }
            var runs = new ChunkRuns(buffer, at, Chunk.echoOf(buffer, at), checksum);
            records += runs.records();
            damaged += count - runs.records();
            damages.add(
                    told(
                            id,
                            offset,
                            offset + Chunk.length(buffer, at),
                            "%d of %d records of stream %d from position %d on"
                                    .formatted(
                                            count - runs.records(),
                                            count,
                                            Chunk.stream(buffer, at),
                                            Chunk.base(buffer, at))));
        }

        @Override
        public void headless(long offset, ChunkEcho echo, ByteBuffer nextBuffer, int nextAt) {
            chunks++;
            records += echo.count();
            damages.add(
                    told(
                            id,
                            offset,
                            offset + Chunk.HEADER,
                            "header of a chunk; the next chunk tells what it said"));
        }

        @Override
        public void damage(long from, long to) {
            damages.add(told(id, from, to, "no chunk is here"));
        }
    }
}
