// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What happens when a log opens: finds the segments, cuts a torn batch off the last one, takes the
 * newest whole snapshot back and replays what the log and its owner recorded since.
 *
 * <p>Whatever is taken over is written to the device again before anything is served: after a
 * failed force the operating system may hold bytes as written that are not.
 */
final class Recovery {
    private final Log log;
    private final Storage storage;
    private final Checksum checksum = new Checksum();
    private final List<Damage> damages = new ArrayList<>();
    private final long start;
    private final Set<Long> brokenHeaders = new HashSet<>();
    private int rebuilt;
    private long tornBytes;
    private long lastSequence;
    private @Nullable LogTime time;

    Recovery(Log log) {
        this.log = log;
        this.storage = log.storage();
        this.start = log.settings().clock().nanoTime();
    }

    RecoveryReport run() throws IOException {
        var headers = readHeaders();
        var tail = findTail(headers);
        if (tail.isPresent()) {
            for (long id : headers.headMap(tail.get().id()).keySet()) {
                sealed(headers, id).ifPresent(log.segments()::add);
            }
            log.segments().add(tail.get());
            for (var segment : log.segments().all()) {
                load(segment);
            }
        }
        new StateRecovery(log, damages).run();
        storage.syncDirectory();
        if (time == null) {
            time = new LogTime(log.settings().clock());
        }
        log.segments().all().forEach(segment -> segment.sealed = true);
        damages.forEach(log.owner()::damaged);
        return new RecoveryReport(
                log.segments().all().size(),
                rebuilt,
                tornBytes,
                List.copyOf(damages),
                Duration.ofNanos(log.settings().clock().nanoTime() - start));
    }

    LogTime time() {
        var known = time;
        if (known == null) {
            throw new IllegalStateException("recovery has not run");
        }
        return known;
    }

    long lastSequence() {
        return lastSequence;
    }

    /** The headers by number; a file without a whole header has none, but is there. */
    private TreeMap<Long, Optional<SegmentHeader>> readHeaders() throws IOException {
        var headers = new TreeMap<Long, Optional<SegmentHeader>>();
        for (var name : storage.list()) {
            var id = SegmentNames.id(name, SegmentNames.LOG);
            if (id.isPresent()) {
                headers.put(id.getAsLong(), readHeader(name, id.getAsLong()));
                log.segments().taken(id.getAsLong());
            }
        }
        for (var name : storage.list()) {
            var index = SegmentNames.id(name, SegmentNames.INDEX);
            boolean orphan = index.isPresent() && !headers.containsKey(index.getAsLong());
            boolean unfinished = SegmentNames.id(name, SegmentNames.COMPACTING).isPresent();
            if (orphan || unfinished || name.equals(SegmentNames.SPARE)) {
                storage.delete(name);
            }
        }
        return headers;
    }

    private Optional<SegmentHeader> readHeader(String name, long id) throws IOException {
        try (var file = storage.openForReading(name)) {
            var buffer = ByteBuffer.allocate(SegmentHeader.BYTES);
            while (buffer.hasRemaining()) {
                if (file.read(buffer, buffer.position()) <= 0) {
                    break;
                }
            }
            buffer.clear();
            int intact = SegmentHeader.intactCopies(buffer, checksum);
            if (intact < 2) {
                brokenHeaders.add(id);
            }
            return SegmentHeader.decode(buffer, checksum).filter(header -> header.id() == id);
        }
    }

    /** The segment that was written to last; those after it that hold nothing are deleted. */
    private Optional<Segment> findTail(TreeMap<Long, Optional<SegmentHeader>> headers)
            throws IOException {
        while (!headers.isEmpty()) {
            var last = headers.lastEntry();
            var tail = scanTail(last.getKey(), last.getValue());
            if (tail.isPresent()) {
                return tail;
            }
            storage.delete(SegmentNames.log(last.getKey()));
            headers.pollLastEntry();
        }
        return Optional.empty();
    }

    private Optional<Segment> scanTail(long id, Optional<SegmentHeader> header) throws IOException {
        try (var file = storage.open(SegmentNames.log(id))) {
            if (header.isPresent() && header.get().sealedEnd() > 0) {
                var segment = new Segment(storage, header.get(), header.get().sealedEnd());
                advanceClock(header.get().wall(), header.get().logTime());
                return Optional.of(segment);
            }
            var scan = new TailScan(file, header.map(SegmentHeader::epoch).orElse(0));
            scan.run();
            tornBytes += scan.tornBytes();
            if (scan.isEmpty()) {
                return Optional.empty();
            }
            lastSequence = Math.max(lastSequence, scan.lastSequence());
            advanceClock(scan.lastWall(), scan.lastLogTime());
            var known = header.orElseGet(() -> lostHeader(id, scan));
            if (scan.durableEnd() > SegmentHeader.BYTES) {
                reportHeader(id);
            }
            mend(file, scan, known);
            return Optional.of(new Segment(storage, known, scan.end()));
        }
    }

    private void advanceClock(long wall, long logTime) {
        time = new LogTime(log.settings().clock(), logTime, wall);
    }

    /** Of a segment with durable bytes, or a later one behind it, the header was durable too. */
    private void reportHeader(long id) {
        if (brokenHeaders.contains(id)) {
            damages.add(
                    new Damage(
                            "",
                            -1,
                            -1,
                            id,
                            0,
                            SegmentHeader.BYTES,
                            "header of the segment is damaged; it has two copies"));
        }
    }

    private static SegmentHeader lostHeader(long id, TailScan scan) {
        return new SegmentHeader(id, scan.epoch(), 0, scan.lastWall(), scan.lastLogTime(), 0, 0, 0);
    }

    /**
     * Cuts what is torn, makes what is taken durable, and leaves a mark that says so. The mark is
     * written again even if there is one: it may be in memory alone after a force that failed.
     */
    private void mend(StorageFile file, TailScan scan, SegmentHeader header) throws IOException {
        boolean broken = brokenHeaders.contains(header.id());
        if (broken) {
            var buffer = ByteBuffer.allocate(SegmentHeader.BYTES);
            header.encode(buffer, checksum);
            writeFully(file, buffer.clear(), 0);
        }
        if (broken || !scan.isMarked() || file.size() != scan.fileEnd()) {
            rewrite(file, scan);
            file.truncate(scan.end());
            file.force();
        }
        try {
            mark(file, scan);
            file.force();
        } catch (IOException failed) {
            if (!storage.isFull(failed)) {
                throw failed;
            }
        }
    }

    private static void rewrite(StorageFile file, TailScan scan) throws IOException {
        var buffer = ByteBuffer.allocateDirect(64 * 1024);
        for (long at = scan.durableEnd(); at < scan.end(); ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), scan.end() - at));
            if (file.read(buffer, at) <= 0) {
                throw new IOException("file ended while its end was written again");
            }
            buffer.flip();
            at = writeFully(file, buffer, at);
        }
    }

    private void mark(StorageFile file, TailScan scan) throws IOException {
        var fields = new ChunkFields();
        fields.epoch = scan.epoch();
        fields.wall = scan.lastWall();
        fields.logTime = scan.lastLogTime();
        fields.sequence = ++lastSequence;
        fields.durableEnd = scan.end();
        var buffer = ByteBuffer.allocate(Chunk.HEADER);
        Chunk.writeMarker(buffer, fields, scan.lastEcho(), checksum);
        writeFully(file, buffer, scan.end());
    }

    private static long writeFully(StorageFile file, ByteBuffer bytes, long from)
            throws IOException {
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

    /** A segment that was not written to last; empty when nothing is in it. */
    private Optional<Segment> sealed(TreeMap<Long, Optional<SegmentHeader>> headers, long id)
            throws IOException {
        var known = headers.getOrDefault(id, Optional.empty());
        var header = known.isPresent() ? known : headerFromChunks(id);
        if (header.isEmpty()) {
            return Optional.empty();
        }
        reportHeader(id);
        return Optional.of(new Segment(storage, header.get(), endOf(headers, header.get())));
    }

    /** The next segment tells where this one ended, unless it was compacted since. */
    private long endOf(TreeMap<Long, Optional<SegmentHeader>> headers, SegmentHeader header)
            throws IOException {
        if (header.sealedEnd() > 0) {
            return header.sealedEnd();
        }
        var next = headers.higherEntry(header.id());
        if (next != null
                && next.getValue().isPresent()
                && next.getValue().get().previousId() == header.id()) {
            return next.getValue().get().previousEnd();
        }
        return new IndexFile(storage).end(header).orElse(Long.MAX_VALUE);
    }

    private Optional<SegmentHeader> headerFromChunks(long id) throws IOException {
        try (var file = storage.openForReading(SegmentNames.log(id))) {
            var scan = new TailScan(file, 0);
            scan.run();
            if (scan.epoch() == 0) {
                return Optional.empty();
            }
            return Optional.of(lostHeader(id, scan));
        }
    }

    private void load(Segment segment) throws IOException {
        var loader = new SegmentLoader(storage);
        if (segment == log.segments().all().getLast()) {
            loader.walk(segment);
        } else {
            rebuilt += loader.load(segment) ? 0 : 1;
        }
        damages.addAll(loader.damages());
    }
}
