// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.time.Duration;
import java.util.List;

/**
 * What opening a log found.
 *
 * @param segments the number of segments
 * @param indexesRebuilt how many indexes were missing or bad, and were built again
 * @param tornBytes how many bytes of a batch that was never confirmed were cut from the end
 * @param damages what was durable once and is lost
 * @param took how long it took
 */
public record RecoveryReport(
        int segments, int indexesRebuilt, long tornBytes, List<Damage> damages, Duration took) {}
