// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/**
 * What a {@link LogVerifier} found in one segment.
 *
 * @param id the number of the segment
 * @param bytes the size of its file
 * @param chunks the number of chunks that can be read at least in part
 * @param records the number of undamaged records, those of snapshots included
 * @param damagedRecords the number of records in readable chunks that are damaged
 * @param tornBytes the bytes of a batch that was never confirmed, at the end of the last segment
 * @param indexed whether its index file is there and fits
 */
public record SegmentReport(
        long id,
        long bytes,
        int chunks,
        long records,
        long damagedRecords,
        long tornBytes,
        boolean indexed) {}
