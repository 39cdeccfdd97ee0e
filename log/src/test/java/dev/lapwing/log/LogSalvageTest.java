// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

class LogSalvageTest {
    private static final LogSettings SETTINGS =
            LogSettings.defaults().withSegmentBytes(LogSettings.MIN_SEGMENT_BYTES);

    private final CrashStorage storage = new CrashStorage();

    private void store() {
        var owner = new TestOwner();
        var log = Log.openIdle(storage, SETTINGS, owner);
        for (int batch = 0; batch < 40; batch++) {
            var appends = new ArrayList<TestAppend>();
            for (int i = 0; i < 5; i++) {
                appends.add(new TestAppend(log.create("one"), batch + "." + i + "x".repeat(300)));
            }
            appends.add(owner.append(log, "ack " + batch));
            log.appendAtomically(appends);
            log.step();
        }
        log.close();
    }

    @Test
    void undamagedLogIsCopiedWhole() {
        store();
        var target = new CrashStorage();
        long records = LogSalvage.salvage(storage, target);
        assertThat(records).isEqualTo(LogVerifier.verify(storage).records());
        var owner = new TestOwner();
        try (var log = Log.openIdle(target, SETTINGS, owner)) {
            assertThat(Collected.all(log.stream("one").orElseThrow()).positions).hasSize(200);
            assertThat(owner.state).hasSize(40).endsWith("ack 39");
            assertThat(log.recovery().damages()).isEmpty();
        }
        assertThatThrownBy(() -> LogSalvage.salvage(storage, target))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not empty");
    }

    @Test
    void whatIsWholeInDamagedLogKeepsItsPosition() {
        store();
        var whole = texts(storage.copy());
        var random = new SplittableRandom(5);
        for (int round = 0; round < 40; round++) {
            var damaged = storage.copy();
            var name = SegmentNames.log(1 + random.nextInt(3));
            for (int i = 0; i < 3; i++) {
                int offset = random.nextInt(1500, damaged.content(name).length - 200);
                damaged.flip(name, offset, random.nextInt(8));
            }
            var target = new CrashStorage();
            LogSalvage.salvage(damaged, target);
            try (var log = Log.openIdle(target, SETTINGS, LogOwner.none())) {
                var read = Collected.all(log.stream("one").orElseThrow());
                for (int i = 0; i < read.positions.size(); i++) {
                    assertThat(read.texts.get(i))
                            .isEqualTo(whole.get(read.positions.get(i).intValue()));
                }
                assertThat(read.positions).hasSizeGreaterThan(180);
            }
            assertThat(LogVerifier.verify(target).damages()).isEmpty();
        }
    }

    private static List<String> texts(CrashStorage storage) {
        try (var log = Log.openIdle(storage, SETTINGS, LogOwner.none())) {
            return Collected.all(log.stream("one").orElseThrow()).texts;
        }
    }
}
