// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The settings of a log.
 *
 * @param segmentBytes the size of one file of the log; a single append, or one atomic group, takes
 *     at most a quarter of it
 * @param backlogBytes how many encoded bytes may wait for the writer before appends are refused
 * @param fsync when an append counts as stored
 * @param fsyncInterval how often {@link FsyncPolicy#EVERY_INTERVAL_MAY_LOSE_RECENT} forces
 * @param diskFullRetry how often a log on a full disk looks for room
 * @param readWindowBytes how many bytes a reader fetches at once
 * @param clock the clocks
 * @param random the source of the epochs that tell the files of a log apart
 */
public record LogSettings(
        int segmentBytes,
        long backlogBytes,
        FsyncPolicy fsync,
        Duration fsyncInterval,
        Duration diskFullRetry,
        int readWindowBytes,
        LogClock clock,
        RandomGenerator random) {

    /** The smallest segment, in bytes. */
    public static final int MIN_SEGMENT_BYTES = 16 * 1024;

    /** The largest segment, in bytes. */
    public static final int MAX_SEGMENT_BYTES = 512 * 1024 * 1024;

    /** Checks the ranges. */
    public LogSettings {
        check(
                segmentBytes >= MIN_SEGMENT_BYTES && segmentBytes <= MAX_SEGMENT_BYTES,
                "segmentBytes is %d, must be from %d to %d"
                        .formatted(segmentBytes, MIN_SEGMENT_BYTES, MAX_SEGMENT_BYTES));
        check(backlogBytes > 0, "backlogBytes is %d, must be above 0".formatted(backlogBytes));
        check(
                fsyncInterval.isPositive(),
                "fsyncInterval is %s, must be above 0".formatted(fsyncInterval));
        check(
                diskFullRetry.isPositive(),
                "diskFullRetry is %s, must be above 0".formatted(diskFullRetry));
        check(
                readWindowBytes >= 4096,
                "readWindowBytes is %d, must be at least 4096".formatted(readWindowBytes));
    }

    /** 64 MiB segments, 64 MiB of backlog, a force before every confirmation. */
    public static LogSettings defaults() {
        return new LogSettings(
                64 * 1024 * 1024,
                64L * 1024 * 1024,
                FsyncPolicy.ALWAYS,
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                256 * 1024,
                LogClock.system(),
                RandomGenerator.getDefault());
    }

    /** The same with another segment size. */
    public LogSettings withSegmentBytes(int bytes) {
        return new LogSettings(
                bytes,
                backlogBytes,
                fsync,
                fsyncInterval,
                diskFullRetry,
                readWindowBytes,
                clock,
                random);
    }

    /** The same with another backlog. */
    public LogSettings withBacklogBytes(long bytes) {
        return new LogSettings(
                segmentBytes,
                bytes,
                fsync,
                fsyncInterval,
                diskFullRetry,
                readWindowBytes,
                clock,
                random);
    }

    /** The same with another policy; the interval matters only where the policy has one. */
    public LogSettings withFsync(FsyncPolicy policy, Duration interval) {
        return new LogSettings(
                segmentBytes,
                backlogBytes,
                policy,
                interval,
                diskFullRetry,
                readWindowBytes,
                clock,
                random);
    }

    /** The same with another pause between looks for room on a full disk. */
    public LogSettings withDiskFullRetry(Duration retry) {
        return new LogSettings(
                segmentBytes,
                backlogBytes,
                fsync,
                fsyncInterval,
                retry,
                readWindowBytes,
                clock,
                random);
    }

    /** The same with another read window. */
    public LogSettings withReadWindowBytes(int bytes) {
        return new LogSettings(
                segmentBytes,
                backlogBytes,
                fsync,
                fsyncInterval,
                diskFullRetry,
                bytes,
                clock,
                random);
    }

    /** The same with other clocks. */
    public LogSettings withClock(LogClock other) {
        return new LogSettings(
                segmentBytes,
                backlogBytes,
                fsync,
                fsyncInterval,
                diskFullRetry,
                readWindowBytes,
                other,
                random);
    }

    /** The same with another source of randomness. */
    public LogSettings withRandom(RandomGenerator other) {
        return new LogSettings(
                segmentBytes,
                backlogBytes,
                fsync,
                fsyncInterval,
                diskFullRetry,
                readWindowBytes,
                clock,
                other);
    }

    /** How many bytes one append, or one atomic group of appends, may take at most. */
    public int maxAppendBytes() {
        return segmentBytes / 4;
    }

    private static void check(boolean good, String message) {
        if (!good) {
            throw new IllegalArgumentException(message);
        }
    }
}
