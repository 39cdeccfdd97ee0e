// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.time.Duration;

/**
 * How much a stream holds.
 *
 * @param records the number of records from its first to its end
 * @param bytes the bytes on disk that are there for them
 * @param oldestAge how long ago, by the log's own clock, the first record was appended; zero when
 *     there is none
 */
public record StreamSize(long records, long bytes, Duration oldestAge) {}
