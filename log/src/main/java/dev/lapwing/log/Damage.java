// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/**
 * A gap: bytes of the log that were durable once and are no longer what they were, or records that
 * should be there and are not.
 *
 * @param stream the name of the stream that lost records, or empty when that cannot be told
 * @param firstPosition the first lost position, or -1 when that cannot be told
 * @param endPosition the position after the last lost one, or -1 when that cannot be told
 * @param segment the number of the damaged segment, or -1 when a whole segment is missing
 * @param fromByte where in the segment's file the damage begins, or -1
 * @param toByte where it ends, exclusive, or -1
 * @param detail what is wrong
 */
public record Damage(
        String stream,
        long firstPosition,
        long endPosition,
        long segment,
        long fromByte,
        long toByte,
        String detail) {}
