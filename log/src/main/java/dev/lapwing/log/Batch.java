// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is committed at once: appends in the order they came in, and by stream. */
final class Batch {
    private Append[] appends = new Append[1024];
    private int size;
    private final List<LogStream> streams = new ArrayList<>();
    private long bound;
    private final Placements placements = new Placements();

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    Append get(int index) {
        return appends[index];
    }

    /** The streams that appear in the batch; the control stream comes first. */
    List<LogStream> streams() {
        return streams;
    }

    Placements placements() {
        return placements;
    }

    /** How many bytes the batch takes in the file, at most. */
    long bound() {
        return bound;
    }

    void add(Append append) {
        if (size == appends.length) {
            appends = Arrays.copyOf(appends, size * 2);
        }
        appends[size++] = append;
        link(append);
    }

    private void link(Append append) {
        var stream = append.stream;
        int bytes = Chunk.RECORD_HEADER + append.size;
        if (stream.batch.isEmpty()) {
            streams.add(stream.id == Streams.CONTROL ? 0 : streams.size(), stream);
            bound += Chunk.HEADER;
        } else if (stream.batch.chunkBytes + bytes > Chunk.SOFT_LIMIT) {
            bound += Chunk.HEADER;
            stream.batch.chunkBytes = 0;
        }
        stream.batch.chunkBytes += bytes;
        stream.batch.add(append);
        bound += bytes;
    }

    void clear() {
        Arrays.fill(appends, 0, size, null);
        size = 0;
        unlink();
    }

    private void unlink() {
        streams.forEach(stream -> stream.batch.clear());
        streams.clear();
        bound = 0;
    }

    /** Takes out the atomic group that the append belongs to, and returns it. */
    List<Append> removeGroupOf(Append bad) {
        var removed = new ArrayList<Append>();
        var kept = new ArrayList<Append>();
        for (int at = 0; at < size; ) {
            var group = Arrays.asList(appends).subList(at, at + appends[at].group);
            (group.contains(bad) ? removed : kept).addAll(group);
            at += group.size();
        }
        clear();
        kept.forEach(this::add);
        return removed;
    }

    /**
     * Writes all chunks into the buffer from index 0 on and returns what the next one echoes. The
     * fields hold what all chunks have in common.
     *
     * @throws NotEncodedException when an append failed to write what it had announced
     */
    ChunkEcho encode(ByteBuffer buffer, ChunkFields fields, ChunkEcho before, Checksum checksum)
            throws NotEncodedException {
        placements.clear();
        fields.part = 0;
        var echo = before;
        int at = 0;
        for (int i = 0; i < streams.size(); i++) {
            var stream = streams.get(i);
            boolean lastStream = i == streams.size() - 1;
            long base = stream.end();
            for (Append first = stream.batch.head; first != null; ) {
                var next = measure(first, fields);
                fields.stream = stream.id;
                fields.base = base;
                fields.flags = lastStream && next == null ? Chunk.LAST_IN_BATCH : 0;
                echo = Chunk.writeHeader(buffer, at, fields, echo, checksum);
                encodeRecords(buffer, at + Chunk.HEADER, first, next, base, echo, checksum);
                placements.add(stream, at, echo);
                at += echo.length();
                base += fields.count;
                fields.part++;
                first = next;
            }
        }
        buffer.limit(at).position(0);
        return echo;
    }

    /** Finds where the chunk that begins with this append ends. */
    private static @Nullable Append measure(Append first, ChunkFields fields) {
        int body = 0;
        int count = 0;
        Append at = first;
        while (at != null) {
            int more = Chunk.RECORD_HEADER + at.size;
            if (count > 0 && body + more > Chunk.SOFT_LIMIT) {
                break;
            }
            body += more;
            count++;
            at = at.chunkNext;
        }
        fields.body = body;
        fields.count = count;
        return at;
    }

    private static void encodeRecords(
            ByteBuffer buffer,
            int from,
            Append first,
            @Nullable Append end,
            long base,
            ChunkEcho header,
            Checksum checksum)
            throws NotEncodedException {
        int at = from;
        long position = base;
        for (Append append = first; append != null && append != end; append = append.chunkNext) {
            int body = at + Chunk.RECORD_HEADER;
            buffer.limit(body + append.size).position(body);
            write(append, buffer);
            Chunk.sealRecord(buffer, at, append.size, header.headerChecksum(), checksum);
            append.position = position++;
            at = body + append.size;
        }
    }

    private static void write(Append append, ByteBuffer buffer) throws NotEncodedException {
        try {
            append.encodeTo(buffer);
        } catch (RuntimeException fault) {
            throw new NotEncodedException(append, "encoding failed", fault);
        }
        if (buffer.hasRemaining()) {
            throw new NotEncodedException(
                    append,
                    "announced %d bytes, wrote %d"
                            .formatted(append.size, append.size - buffer.remaining()),
                    null);
        }
    }

    /** Thrown when one append of the batch cannot be encoded. */
    static final class NotEncodedException extends Exception {
        private static final long serialVersionUID = 1;

        final transient Append append;

        NotEncodedException(Append append, String message, @Nullable Throwable cause) {
            super(message, cause, false, false);
            this.append = append;
        }
    }
}
