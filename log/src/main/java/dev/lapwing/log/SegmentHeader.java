// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The head of a segment's file: two equal copies of 512 bytes, each with its own checksum.
 *
 * @param id the number of the segment
 * @param epoch what each of its chunks repeats
 * @param generation how often it was compacted
 * @param wall the wall clock when it was begun, in milliseconds
 * @param logTime the log's clock then, in milliseconds
 * @param previousId the number of the segment before, or 0 for the first
 * @param previousEnd where the chunks of the segment before ended when this one was begun
 * @param sealedEnd where its own chunks end, when it was compacted; else 0
 */
record SegmentHeader(
        long id,
        int epoch,
        int generation,
        long wall,
        long logTime,
        long previousId,
        long previousEnd,
        long sealedEnd) {

    /** The bytes of both copies; the first chunk begins here. */
    static final int BYTES = 1024;

    private static final int COPY = 512;
    private static final long MAGIC = 0x4C41505F4C4F4731L; // "LAP_LOG1"
    private static final int VERSION = 1;

    /** Writes both copies at the buffer's index 0. */
    void encode(ByteBuffer buffer, Checksum checksum) {
        for (int at = 0; at < BYTES; at += COPY) {
            for (int i = 0; i < COPY; i += 8) {
                buffer.putLong(at + i, 0);
            }
            buffer.putLong(at, MAGIC);
            buffer.putInt(at + 12, VERSION);
            buffer.putLong(at + 16, id);
            buffer.putInt(at + 24, epoch);
            buffer.putInt(at + 28, generation);
            buffer.putLong(at + 32, wall);
            buffer.putLong(at + 40, logTime);
            buffer.putLong(at + 48, previousId);
            buffer.putLong(at + 56, previousEnd);
            buffer.putLong(at + 64, sealedEnd);
            buffer.putInt(at + 8, checksum.of(buffer, at + 12, at + COPY));
        }
    }

    /** How many of the two copies at the buffer's index 0 are whole. */
    static int intactCopies(ByteBuffer buffer, Checksum checksum) {
        return (intact(buffer, 0, checksum) ? 1 : 0) + (intact(buffer, COPY, checksum) ? 1 : 0);
    }

    /** Reads a whole copy at the buffer's index 0, if there is one. */
    static Optional<SegmentHeader> decode(ByteBuffer buffer, Checksum checksum) {
        if (intact(buffer, 0, checksum)) {
            return Optional.of(decode(buffer, 0));
        }
        return intact(buffer, COPY, checksum)
                ? Optional.of(decode(buffer, COPY))
                : Optional.empty();
    }

    private static boolean intact(ByteBuffer buffer, int at, Checksum checksum) {
        if (buffer.getLong(at) != MAGIC) {
            return false;
        }
        int crc = checksum.of(buffer, at + 12, at + COPY);
        return buffer.getInt(at + 8) == crc;
    }

    private static SegmentHeader decode(ByteBuffer buffer, int at) {
        int version = buffer.getInt(at + 12);
        if (version != VERSION) {
            throw new LogException(
                    "segment has format version %d, this program reads version %d; use the program that wrote it, or a newer one"
                            .formatted(version, VERSION));
        }
        return new SegmentHeader(
                buffer.getLong(at + 16),
                buffer.getInt(at + 24),
                buffer.getInt(at + 28),
                buffer.getLong(at + 32),
                buffer.getLong(at + 40),
                buffer.getLong(at + 48),
                buffer.getLong(at + 56),
                buffer.getLong(at + 64));
    }
}
