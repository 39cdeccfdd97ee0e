// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** What the policies that may lose something do not lose. */
class LazyFsyncTest {
    private static LogSettings settings(FsyncPolicy policy, TestClock clock) {
        return LogSettings.defaults()
                .withSegmentBytes(LogSettings.MIN_SEGMENT_BYTES)
                .withClock(clock)
                .withFsync(policy, Duration.ofMillis(100));
    }

    /** Stores records until the log has some segments, and returns how many. */
    private static int fill(Log log, LogStream stream) {
        int count = 0;
        while (log.segments().all().size() < 3 || count % 10 != 0) {
            log.append(new TestAppend(stream, "record " + count++ + "x".repeat(500)));
            log.step();
        }
        return count;
    }

    private static long survivors(CrashStorage storage, long seed, LogSettings settings) {
        var crashed = storage.crash(new SplittableRandom(seed));
        try (var log = Log.openIdle(crashed, settings, LogOwner.none())) {
            assertThat(log.recovery().damages()).isEmpty();
            return log.stream("one")
                    .map(stream -> {
                        var read = Collected.all(stream);
                        assertThat(read.damages).isEmpty();
                        assertThat(read.positions).hasSize((int) stream.end());
                        return stream.end();
                    })
                    .orElse(0L);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sealedSegmentsAndAllThatWasClosedSurvive(FsyncPolicy policy) {
        var storage = new CrashStorage();
        storage.sites = new TreeSet<>();
        var settings = settings(policy, new TestClock());
        var log = Log.openIdle(storage, settings, LogOwner.none());
        int count = fill(log, log.create("one"));
        for (long seed = 0; seed < 100; seed++) {
            long least = policy == FsyncPolicy.ALWAYS ? count : 40;
            assertThat(survivors(storage, seed, settings)).isBetween(least, (long) count);
        }
        log.close();
        for (long seed = 0; seed < 100; seed++) {
            assertThat(survivors(storage, seed, settings)).isEqualTo(count);
        }
        assertThat(storage.sites).anyMatch(site -> site.startsWith("Committer.finish"));
    }

    @Test
    void sealedSegmentIsForcedUnderEveryPolicy() {
        var storage = new CrashStorage();
        storage.sites = new TreeSet<>();
        var settings = settings(FsyncPolicy.NEVER_MAY_LOSE_ANY, new TestClock());
        var log = Log.openIdle(storage, settings, LogOwner.none());
        fill(log, log.create("one"));
        assertThat(storage.sites).anyMatch(site -> site.startsWith("Committer.roll"));
    }

    @Test
    void intervalForcesWhatWasStoredBefore() {
        var storage = new CrashStorage();
        var clock = new TestClock();
        var settings = settings(FsyncPolicy.EVERY_INTERVAL_MAY_LOSE_RECENT, clock);
        var log = Log.openIdle(storage, settings, LogOwner.none());
        var stream = log.create("one");
        log.append(new TestAppend(stream, "first"));
        log.step();
        clock.advance(101);
        log.idle();
        for (long seed = 0; seed < 100; seed++) {
            assertThat(survivors(storage, seed, settings)).isEqualTo(1);
        }
    }

    @Test
    void trimThatIsLostWithItsSegmentsIsNoDamage() {
        var storage = new CrashStorage();
        var settings = settings(FsyncPolicy.NEVER_MAY_LOSE_ANY, new TestClock());
        var log = Log.openIdle(storage, settings, LogOwner.none());
        var stream = log.create("one");
        int count = fill(log, stream);
        stream.trim(count - 1);
        log.step();
        log.keep();
        for (long seed = 0; seed < 100; seed++) {
            var crashed = storage.crash(new SplittableRandom(seed));
            var again = Log.openIdle(crashed, settings, LogOwner.none());
            again.stream("one").ifPresent(it -> assertThat(Collected.all(it).damages).isEmpty());
        }
    }
}
