// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Every bit of a small log is flipped, one at a time. */
class BitRotTest {
    private static final LogSettings SETTINGS =
            LogSettings.defaults()
                    .withSegmentBytes(LogSettings.MIN_SEGMENT_BYTES)
                    .withReadWindowBytes(4096)
                    .withClock(new TestClock())
                    .withRandom(new SplittableRandom(1));

    private final CrashStorage storage = new CrashStorage();

    @BeforeEach
    void storeTwoSegments() {
        Logger.getLogger("dev.lapwing.log").setLevel(Level.OFF);
        var log = Log.openIdle(storage, SETTINGS, LogOwner.none());
        for (int batch = 0; log.segments().all().size() < 2 || batch % 5 != 0; batch++) {
            var appends = new ArrayList<TestAppend>();
            for (int i = 0; i < 3; i++) {
                appends.add(
                        new TestAppend(log.create("a"), "a" + batch + "." + i + "x".repeat(150)));
                appends.add(
                        new TestAppend(log.create("b"), "b" + batch + "." + i + "y".repeat(250)));
            }
            log.append(appends);
            log.step();
        }
        log.close();
    }

    /** What can be read of the streams, and what is told as lost. */
    private record Reading(List<List<String>> texts, List<Damage> gaps, int reported) {
        int lost() {
            return gaps.stream()
                    .mapToInt(gap -> (int) (gap.endPosition() - gap.firstPosition()))
                    .sum();
        }
    }

    private static Reading read(CrashStorage storage) {
        var owner = new TestOwner();
        try (var log = Log.openIdle(storage, SETTINGS, owner)) {
            var texts = new ArrayList<List<String>>();
            var gaps = new ArrayList<Damage>();
            for (var name : List.of("a", "b")) {
                var read = Collected.all(log.stream(name).orElseThrow());
                texts.add(read.texts);
                gaps.addAll(read.damages);
                checkGaps(read, log.stream(name).orElseThrow());
            }
            return new Reading(texts, gaps, owner.damages.size());
        }
    }

    /** Every position is either read or told as lost, once. */
    private static void checkGaps(Collected read, LogStream stream) {
        var positions = new HashSet<>(read.positions);
        for (var gap : read.damages) {
            assertThat(gap.stream()).isEqualTo(stream.name());
            for (long at = gap.firstPosition(); at < gap.endPosition(); at++) {
                assertThat(positions.add(at)).isTrue();
            }
        }
        assertThat(positions).hasSize((int) stream.end());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everyFlippedBitLosesAtMostItsRecordAndIsTold(boolean indexed) throws IOException {
        if (!indexed) {
            for (var name : storage.list()) {
                if (name.endsWith(SegmentNames.INDEX)) {
                    storage.delete(name);
                }
            }
        }
        var whole = read(storage.copy());
        assertThat(whole.gaps).isEmpty();
        int step = Boolean.getBoolean("lapwing.long") ? 1 : 61;
        for (var name : storage.list().stream().filter(each -> each.endsWith(".log")).toList()) {
            int bits = storage.content(name).length * 8;
            for (int bit = name.hashCode() & 7; bit < bits; bit += step) {
                var damaged = storage.copy();
                damaged.flip(name, bit / 8, bit % 8);
                check(whole, damaged, name, bit);
            }
        }
    }

    private static void check(Reading whole, CrashStorage damaged, String name, int bit)
            throws IOException {
        var where = "bit %d of %s".formatted(bit, name);
        var before = damaged.content(name);
        var verified = LogVerifier.verify(damaged);
        boolean torn = verified.segments().stream().anyMatch(segment -> segment.tornBytes() > 0);
        assertThat(verified.isHealthy() && !torn).as("unnoticed: " + where).isFalse();
        var reading = read(damaged);
        assertThat(reading.lost()).as(where).isLessThanOrEqualTo(1);
        assertThat(reading.reported).as(where).isGreaterThanOrEqualTo(reading.lost());
        for (int stream = 0; stream < 2; stream++) {
            assertThat(whole.texts.get(stream)).as(where).containsAll(reading.texts.get(stream));
        }
        if (reading.lost() == 1) {
            var kept = Arrays.copyOf(before, before.length - Chunk.HEADER);
            assertThat(damaged.content(name)).as("destroyed: " + where).startsWith(kept);
        }
    }

    @Test
    void lostSegmentHeaderLosesNothing() {
        for (var name : storage.list().stream().filter(each -> each.endsWith(".log")).toList()) {
            var damaged = storage.copy();
            damaged.flip(name, 3, 3);
            damaged.flip(name, 515, 3);
            var reading = read(damaged);
            assertThat(reading.lost()).isZero();
            assertThat(reading.reported).isPositive();
        }
    }

    @Test
    void wipedSectorsAreToldExactly() throws IOException {
        var random = new SplittableRandom(7);
        for (int round = 0; round < 60; round++) {
            var damaged = storage.copy();
            var name =
                    damaged.list().stream()
                            .filter(each -> each.endsWith(".log"))
                            .findFirst()
                            .orElseThrow();
            int size = damaged.content(name).length;
            int from = random.nextInt(2048, size - 1024);
            for (int at = from; at < from + 700; at++) {
                damaged.flip(name, at, random.nextInt(8));
            }
            var reading = read(damaged);
            assertThat(reading.lost()).isBetween(1, 12);
        }
    }

    @Test
    void positionsOfLostRecordsAreNotGivenOutAgain() {
        var name = storage.list().stream().filter(each -> each.endsWith(".log")).toList().getLast();
        long end = endOf(storage.copy());
        int size = storage.content(name).length;
        for (int wiped = 100; wiped < 1000; wiped += 90) {
            var damaged = storage.copy();
            for (int at = size - Chunk.HEADER - wiped; at < size - Chunk.HEADER; at++) {
                damaged.flip(name, at, 5);
            }
            assertThat(endOf(damaged)).isGreaterThanOrEqualTo(end);
        }
    }

    private static long endOf(CrashStorage storage) {
        try (var log = Log.openIdle(storage, SETTINGS, LogOwner.none())) {
            var append = new TestAppend(log.create("b"), "next");
            log.append(append);
            log.step();
            return append.await();
        }
    }
}
