// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.List;

/**
 * What a {@link LogVerifier} found.
 *
 * @param segments each segment, oldest first
 * @param damages each damage, with the segment and the bytes; empty for a healthy log
 */
public record VerifyReport(List<SegmentReport> segments, List<Damage> damages) {
    /** Whether nothing is damaged. A torn batch at the end is no damage. */
    public boolean isHealthy() {
        return damages.isEmpty();
    }

    /** The number of undamaged records in all segments. */
    public long records() {
        return segments.stream().mapToLong(SegmentReport::records).sum();
    }
}
