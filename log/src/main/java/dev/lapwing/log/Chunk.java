// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;

/**
 * The layout of a chunk: a header, then records of one stream. Described byte by byte in {@code
 * docs/log-format.md}. All methods are static and take the buffer and the chunk's index in it;
 * absolute access only, but for the checksums, which move the position and leave the limit at the
 * capacity.
 */
final class Chunk {
    /** "LWCK". */
    static final int MAGIC = 0x4C57434B;

    static final int HEADER = 96;

    /** What precedes each record: its length and its checksum. */
    static final int RECORD_HEADER = 8;

    /** A chunk takes no further record past this size, so that damage to it stays small. */
    static final int SOFT_LIMIT = 64 * 1024;

    static final int LAST_IN_BATCH = 1;
    static final int SNAPSHOT = 2;
    static final int MARKER = 4;

    private static final int CRC = 4;
    private static final int EPOCH = 8;
    private static final int BODY = 12;
    private static final int STREAM = 16;
    private static final int COUNT = 20;
    private static final int BASE = 24;
    private static final int WALL = 32;
    private static final int LOG_TIME = 40;
    private static final int SEQUENCE = 48;
    private static final int PART = 56;
    private static final int FLAGS = 60;
    private static final int DURABLE_END = 64;
    private static final int ECHO = 72;

    private Chunk() {}

    static int epoch(ByteBuffer buffer, int at) {
        return buffer.getInt(at + EPOCH);
    }

    /** The length of the whole chunk. */
    static int length(ByteBuffer buffer, int at) {
        return HEADER + buffer.getInt(at + BODY);
    }

    static int stream(ByteBuffer buffer, int at) {
        return buffer.getInt(at + STREAM);
    }

    static int count(ByteBuffer buffer, int at) {
        return buffer.getInt(at + COUNT);
    }

    static long base(ByteBuffer buffer, int at) {
        return buffer.getLong(at + BASE);
    }

    static long wall(ByteBuffer buffer, int at) {
        return buffer.getLong(at + WALL);
    }

    static long logTime(ByteBuffer buffer, int at) {
        return buffer.getLong(at + LOG_TIME);
    }

    static long sequence(ByteBuffer buffer, int at) {
        return buffer.getLong(at + SEQUENCE);
    }

    /** The number of the chunk in its batch. */
    static int part(ByteBuffer buffer, int at) {
        return buffer.getInt(at + PART);
    }

    static int flags(ByteBuffer buffer, int at) {
        return buffer.getInt(at + FLAGS);
    }

    static boolean isSnapshot(ByteBuffer buffer, int at) {
        return (flags(buffer, at) & SNAPSHOT) != 0;
    }

    /** Everything in the segment before this offset was durable when the chunk was written. */
    static long durableEnd(ByteBuffer buffer, int at) {
        return buffer.getLong(at + DURABLE_END);
    }

    /** The checksum of the header, which the checksums of the records are tied to. */
    static int headerChecksum(ByteBuffer buffer, int at) {
        return buffer.getInt(at + CRC);
    }

    /** What the header says about the chunk just before it in the file. */
    static ChunkEcho echo(ByteBuffer buffer, int at) {
        return new ChunkEcho(
                buffer.getInt(at + ECHO),
                buffer.getInt(at + ECHO + 4),
                buffer.getLong(at + ECHO + 8),
                buffer.getInt(at + ECHO + 16),
                buffer.getInt(at + ECHO + 20));
    }

    /** Writes a header, checksum and all, and returns what the next one has to echo. */
    static ChunkEcho writeHeader(
            ByteBuffer buffer, int at, ChunkFields fields, ChunkEcho echo, Checksum checksum) {
        buffer.putInt(at, MAGIC);
        buffer.putInt(at + EPOCH, fields.epoch);
        buffer.putInt(at + BODY, fields.body);
        buffer.putInt(at + STREAM, fields.stream);
        buffer.putInt(at + COUNT, fields.count);
        buffer.putLong(at + BASE, fields.base);
        buffer.putLong(at + WALL, fields.wall);
        buffer.putLong(at + LOG_TIME, fields.logTime);
        buffer.putLong(at + SEQUENCE, fields.sequence);
        buffer.putInt(at + PART, fields.part);
        buffer.putInt(at + FLAGS, fields.flags);
        buffer.putLong(at + DURABLE_END, fields.durableEnd);
        buffer.putInt(at + ECHO, echo.stream());
        buffer.putInt(at + ECHO + 4, echo.count());
        buffer.putLong(at + ECHO + 8, echo.base());
        buffer.putInt(at + ECHO + 16, echo.length());
        buffer.putInt(at + ECHO + 20, echo.headerChecksum());
        int crc = checksum.of(buffer, at + EPOCH, at + HEADER);
        buffer.putInt(at + CRC, crc);
        boolean snapshot = (fields.flags & SNAPSHOT) != 0;
        int stream = snapshot ? ~fields.stream : fields.stream;
        return new ChunkEcho(stream, fields.count, fields.base, HEADER + fields.body, crc);
    }

    /** Writes a marker, which holds no records, at index 0 and sets the buffer to it. */
    static void writeMarker(
            ByteBuffer buffer, ChunkFields fields, ChunkEcho echo, Checksum checksum) {
        fields.part = 0;
        fields.flags = MARKER | LAST_IN_BATCH;
        fields.stream = Streams.CONTROL;
        fields.base = 0;
        fields.count = 0;
        fields.body = 0;
        writeHeader(buffer, 0, fields, echo, checksum);
        buffer.limit(HEADER).position(0);
    }

    /** What the next chunk has to echo of the one here. */
    static ChunkEcho echoOf(ByteBuffer buffer, int at) {
        int stream = stream(buffer, at);
        return new ChunkEcho(
                isSnapshot(buffer, at) ? ~stream : stream,
                count(buffer, at),
                base(buffer, at),
                length(buffer, at),
                headerChecksum(buffer, at));
    }

    /** Whether a whole, undamaged header of this epoch stands here. */
    static boolean headerIntact(ByteBuffer buffer, int at, int epoch, Checksum checksum) {
        return buffer.getInt(at) == MAGIC
                && epoch(buffer, at) == epoch
                && checksum.of(buffer, at + EPOCH, at + HEADER) == headerChecksum(buffer, at);
    }

    /** Writes what precedes a record whose bytes already stand behind it. */
    static void sealRecord(
            ByteBuffer buffer, int at, int length, int headerChecksum, Checksum checksum) {
        buffer.putInt(at, length);
        buffer.putInt(at + 4, recordChecksum(buffer, at, length, headerChecksum, checksum));
    }

    /** Over the length and the bytes; tied to the header so that no stale record fits in. */
    private static int recordChecksum(
            ByteBuffer buffer, int at, int length, int headerChecksum, Checksum checksum) {
        int body = at + RECORD_HEADER;
        return checksum.of(buffer, body, body + length) ^ headerChecksum ^ scramble(length);
    }

    /** Spreads the length over the checksum; any one flipped bit of it changes the result. */
    private static int scramble(int length) {
        return length * 0x9E3779B1;
    }

    /** The length of the record here if it is undamaged and ends by the limit, else -1. */
    static int recordIntact(
            ByteBuffer buffer, int at, int limit, int headerChecksum, Checksum checksum) {
        int length = recordLength(buffer, at, limit);
        if (length < 0
                || buffer.getInt(at + 4)
                        != recordChecksum(buffer, at, length, headerChecksum, checksum)) {
            return -1;
        }
        return length;
    }

    /** The length that the record here claims to have if it ends by the limit, else -1. */
    static int recordLength(ByteBuffer buffer, int at, int limit) {
        if (limit - at < RECORD_HEADER) {
            return -1;
        }
        int length = buffer.getInt(at);
        return length < 0 || length > limit - at - RECORD_HEADER ? -1 : length;
    }

    /** Whether every record of the chunk is undamaged, and they fill it exactly. */
    static boolean bodyIntact(ByteBuffer buffer, int at, Checksum checksum) {
        int end = at + length(buffer, at);
        int headerChecksum = headerChecksum(buffer, at);
        int next = at + HEADER;
        for (int left = count(buffer, at); left > 0; left--) {
            int length = recordIntact(buffer, next, end, headerChecksum, checksum);
            if (length < 0) {
                return false;
            }
            next += RECORD_HEADER + length;
        }
        return next == end;
    }
}
