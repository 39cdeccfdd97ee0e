// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A disk that fills up at each byte in turn. */
class DiskFullTest {
    private static final LogSettings SETTINGS =
            LogSettings.defaults()
                    .withSegmentBytes(LogSettings.MIN_SEGMENT_BYTES)
                    .withReadWindowBytes(4096)
                    .withClock(new TestClock());

    @BeforeAll
    static void expectWarnings() {
        Logger.getLogger("dev.lapwing.log").setLevel(Level.OFF);
    }

    private static LogSettings settings(long seed) {
        return SETTINGS.withRandom(new SplittableRandom(seed));
    }

    @Test
    void fullDiskAtAnyByteRefusesAndRecovers() {
        int step = Boolean.getBoolean("lapwing.long") ? 11 : 997;
        for (long capacity = 0; capacity < 90_000; capacity += step) {
            fillUp(capacity);
        }
    }

    private static void fillUp(long capacity) {
        var where = "capacity " + capacity;
        var storage = new CrashStorage();
        storage.capacity = capacity;
        var owner = new TestOwner();
        var log = Log.openIdle(storage, settings(capacity), owner);
        var stream = log.create("one");
        var stored = new ArrayList<String>();
        int number = 0;
        for (int refused = 0; refused < 3; number++) {
            var text = "record " + number + "x".repeat(number % 400);
            var append = new TestAppend(stream, text);
            boolean accepted = log.append(append) == Admission.ACCEPTED;
            while (log.step()) {
                continue;
            }
            log.keep();
            if (accepted && append.isStored()) {
                stored.add(text);
            } else {
                refused++;
                assertThat(log.status()).as(where).isEqualTo(LogStatus.DISK_FULL);
                append.failure()
                        .ifPresent(failure ->
                                assertThat(failure.kind()).isEqualTo(LogFailure.Kind.DISK_FULL));
            }
        }
        assertThat(Collected.all(stream).texts).as(where).isEqualTo(stored);
        int acks = 0;
        for (int i = 0; i < 10 && !stored.isEmpty(); i++) {
            var ack = owner.append(log, "ack " + i);
            if (log.append(ack) == Admission.ACCEPTED) {
                log.step();
                acks += ack.isStored() ? 1 : 0;
            }
        }
        if (capacity > 3 * LogSettings.MIN_SEGMENT_BYTES) {
            assertThat(acks).as("acks go on from the reserve, " + where).isEqualTo(10);
        }
        checkAfterCrash(storage, stored, owner.state, capacity);
        storage.capacity = Long.MAX_VALUE;
        log.keep();
        assertThat(log.status()).as(where).isEqualTo(LogStatus.RUNNING);
        var after = new TestAppend(stream, "after");
        log.append(after);
        log.step();
        assertThat(after.await()).as(where).isEqualTo(stored.size());
        stored.add("after");
        checkAfterCrash(storage, stored, owner.state, capacity);
        log.close();
        checkAfterCrash(storage, stored, owner.state, capacity);
    }

    private static void checkAfterCrash(
            CrashStorage storage, List<String> stored, List<String> state, long seed) {
        for (int variant = 0; variant < 3; variant++) {
            var crashed = storage.crash(new SplittableRandom(seed + variant));
            var owner = new TestOwner();
            var log = Log.openIdle(crashed, settings(seed), owner);
            assertThat(log.recovery().damages()).isEmpty();
            assertThat(owner.state).isEqualTo(state);
            var texts = log.stream("one").map(stream -> Collected.all(stream).texts);
            assertThat(texts.orElse(List.of())).isEqualTo(stored);
        }
    }

    @Test
    void trimmingFreesTheDiskThatWasFull() {
        var storage = new CrashStorage();
        storage.capacity = 120_000;
        var log = Log.openIdle(storage, settings(1), LogOwner.none());
        var stream = log.create("one");
        while (log.status() == LogStatus.RUNNING) {
            log.append(new TestAppend(stream, new byte[500]));
            log.step();
            log.keep();
        }
        assertThat(stream.trim(stream.end() - 1)).isEqualTo(Admission.ACCEPTED);
        log.step();
        log.keep();
        assertThat(log.status()).isEqualTo(LogStatus.RUNNING);
        var after = new TestAppend(stream, new byte[500]);
        log.append(after);
        log.step();
        assertThat(after.isStored()).isTrue();
    }
}
