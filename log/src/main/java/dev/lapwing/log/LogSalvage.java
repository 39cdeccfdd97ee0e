// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A copy of everything in a log that is undamaged, records of its owner's state included, into an
 * empty place. Positions stay as they are; where records are lost, readers of the copy hear of a
 * gap. The damaged log is only read. For one thread, and one use.
 */
public final class LogSalvage {
    private final Storage target;
    private final Checksum checksum = new Checksum();
    private long salvaged;

    private LogSalvage(Storage target) {
        this.target = target;
    }

    /**
     * Copies, and returns how many records were saved; verify the source to hear what is lost.
     *
     * @throws LogLockedException when one of the two is open
     * @throws IllegalArgumentException when the target is not empty
     * @throws LogException when a file cannot be read or written
     */
    public static long salvage(Storage source, Storage target) {
        try (var _ = source.lock();
                var _ = target.lock()) {
            if (!target.list().isEmpty()) {
                throw new IllegalArgumentException(
                        "%s is not empty; name a new directory".formatted(target.place()));
            }
            return new LogSalvage(target).run(source);
        } catch (IOException failed) {
            throw new LogException(
                    "cannot copy from %s to %s (%s); check the disks"
                            .formatted(source.place(), target.place(), failed),
                    failed);
        }
    }

    private long run(Storage source) throws IOException {
        var ids = new TreeSet<Long>();
        for (var name : source.list()) {
            SegmentNames.id(name, SegmentNames.LOG).ifPresent(ids::add);
        }
        for (long id : ids) {
            copy(source, id);
        }
        target.syncDirectory();
        return salvaged;
    }

    private void copy(Storage source, long id) throws IOException {
        try (var file = source.openForReading(SegmentNames.log(id))) {
            var head = ByteBuffer.allocate(SegmentHeader.BYTES);
            while (head.hasRemaining() && file.read(head, head.position()) > 0) {
                continue;
            }
            var header = SegmentHeader.decode(head.clear(), checksum);
            var scan =
                    new SegmentScan(file, header.map(SegmentHeader::epoch).orElse(0), file.size());
            var collector = new Collector(file);
            scan.walk(SegmentHeader.BYTES, collector);
            if (!collector.chunks.isEmpty()) {
                write(id, scan.epoch(), header.map(SegmentHeader::generation).orElse(0), collector);
            }
        }
    }

    /** As a compacted segment, which tells its end itself. */
    private void write(long id, int epoch, int generation, Collector from) throws IOException {
        long end = SegmentHeader.BYTES;
        for (var chunk : from.chunks) {
            end += chunk.remaining();
        }
        var header =
                new SegmentHeader(
                        id, epoch, generation + 1, from.lastWall, from.lastLogTime, 0, 0, end);
        try (var file = target.create(SegmentNames.log(id))) {
            var head = ByteBuffer.allocate(SegmentHeader.BYTES);
            header.encode(head, checksum);
            write(file, head.clear(), 0);
            long at = SegmentHeader.BYTES;
            for (var chunk : from.chunks) {
                at = write(file, chunk, at);
            }
            file.force();
        }
    }

    private static long write(StorageFile file, ByteBuffer bytes, long from) throws IOException {
        long at = from;
        while (bytes.hasRemaining()) {
            int step = file.write(bytes, at);
            if (step <= 0) {
                throw new IOException("No space left: nothing was written");
            }
            at += step;
        }
        return at;
    }

    /** Keeps whole chunks as they are, and makes new ones of what is whole in damaged ones. */
    private final class Collector implements SegmentScan.Visitor {
        private final StorageFile file;
        private final List<ByteBuffer> chunks = new ArrayList<>();
        private long lastWall;
        private long lastLogTime;

        Collector(StorageFile file) {
            this.file = file;
        }

        @Override
        public void chunk(long offset, ByteBuffer buffer, int at, boolean bodyIntact) {
            lastWall = Chunk.wall(buffer, at);
            lastLogTime = Chunk.logTime(buffer, at);
            if ((Chunk.flags(buffer, at) & Chunk.MARKER) != 0) {
                return;
            }
            if (bodyIntact) {
                chunks.add(copy(buffer, at, Chunk.length(buffer, at)));
                salvaged += Chunk.count(buffer, at);
            } else if (!Chunk.isSnapshot(buffer, at)) {
                rebuild(buffer, at, Chunk.echoOf(buffer, at), buffer, at);
            }
        }

        /** The next chunk tells what the header said, but for the times, which are its own. */
        @Override
        public void headless(long offset, ChunkEcho echo, ByteBuffer nextBuffer, int nextAt) {
            try {
                var window = new Window(echo.length());
                int at = window.load(file, offset, echo.length(), echo.length());
                if (at >= 0 && echo.stream() >= 0) {
                    rebuild(window.buffer(), at, echo, nextBuffer, nextAt);
                }
            } catch (IOException failed) {
                throw new LogException("cannot read the damaged log; check the disk", failed);
            }
        }

        @Override
        public void damage(long from, long to) {}

        private ByteBuffer copy(ByteBuffer buffer, int at, int length) {
            var bytes = new byte[length];
            buffer.get(at, bytes);
            return ByteBuffer.wrap(bytes);
        }

        private void rebuild(
                ByteBuffer buffer, int at, ChunkEcho header, ByteBuffer times, int timesAt) {
            for (var run : new ChunkRuns(buffer, at, header, checksum).runs()) {
                chunks.add(rebuilt(buffer, header.stream(), run, times, timesAt));
                salvaged += run.count();
            }
        }

        private ByteBuffer rebuilt(
                ByteBuffer buffer, int stream, ChunkRuns.Run run, ByteBuffer times, int at) {
            int body = run.to() - run.from();
            var chunk = ByteBuffer.allocate(Chunk.HEADER + body);
            chunk.put(Chunk.HEADER, buffer, run.from(), body);
            var fields = new ChunkFields();
            fields.epoch = Chunk.epoch(times, at);
            fields.body = body;
            fields.stream = stream;
            fields.count = run.count();
            fields.base = run.position();
            fields.wall = Chunk.wall(times, at);
            fields.logTime = Chunk.logTime(times, at);
            fields.sequence = Chunk.sequence(times, at);
            var echo = Chunk.writeHeader(chunk, 0, fields, ChunkEcho.NONE, checksum);
            int record = Chunk.HEADER;
            for (int left = run.count(); left > 0; left--) {
                int length = chunk.getInt(record);
                Chunk.sealRecord(chunk, record, length, echo.headerChecksum(), checksum);
                record += Chunk.RECORD_HEADER + length;
            }
            return chunk.clear();
        }
    }
}
