// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A log as version 1 of the format has it, byte by byte, for ever. {@code -Dlapwing.golden=write}
 * writes it anew, which only a new version of the format may ask for.
 */
class GoldenFormatTest {
    private static final Path GOLDEN = Path.of("src/test/resources/log-v1");

    /** Three segments: streams, state, an atomic group, a trim, a drop, a snapshot. */
    private static CrashStorage generate() {
        var storage = new CrashStorage();
        var clock = new TestClock();
        var owner = new TestOwner();
        var settings =
                LogSettings.defaults()
                        .withSegmentBytes(LogSettings.MIN_SEGMENT_BYTES)
                        .withClock(clock)
                        .withRandom(new SplittableRandom(42));
        var log = Log.openIdle(storage, settings, owner);
        for (int i = 0; i < 60; i++) {
            clock.advance(1000);
            var message = new TestAppend(log.create("orders"), "order " + i + ".".repeat(200));
            log.appendAtomically(List.of(message, owner.append(log, "ack " + i)));
            log.append(new TestAppend(log.create("订单"), "単 " + i));
            log.step();
        }
        log.append(new TestAppend(log.create("gone"), "gone"));
        log.step();
        log.create("gone").drop();
        log.create("orders").trim(10);
        log.step();
        log.close();
        return storage;
    }

    private static List<String> files(CrashStorage storage) {
        return storage.list().stream().filter(name -> name.endsWith(".log")).toList();
    }

    @Test
    void logIsWrittenAsEver() throws IOException {
        var storage = generate();
        if ("write".equals(System.getProperty("lapwing.golden"))) {
            Files.createDirectories(GOLDEN);
            for (var name : files(storage)) {
                Files.write(GOLDEN.resolve(name), storage.content(name));
            }
        }
        assertThat(files(storage)).hasSize(3);
        for (var name : files(storage)) {
            assertThat(storage.content(name))
                    .as(name)
                    .isEqualTo(Files.readAllBytes(GOLDEN.resolve(name)));
        }
    }

    @Test
    void logOfVersionOneOpens() throws IOException {
        var storage = new CrashStorage();
        for (var name : List.of(SegmentNames.log(1), SegmentNames.log(2), SegmentNames.log(3))) {
            try (var file = storage.create(name)) {
                file.write(ByteBuffer.wrap(Files.readAllBytes(GOLDEN.resolve(name))), 0);
            }
        }
        assertThat(LogVerifier.verify(storage).damages()).isEmpty();
        var owner = new TestOwner();
        try (var log = Log.open(storage, LogSettings.defaults(), owner)) {
            assertThat(log.recovery().damages()).isEmpty();
            var acks = new ArrayList<String>();
            IntStream.range(0, 60).forEach(i -> acks.add("ack " + i));
            assertThat(owner.state).isEqualTo(acks);
            assertThat(log.stream("gone")).isEmpty();
            var orders = Collected.all(log.stream("orders").orElseThrow());
            assertThat(orders.positions).hasSize(50).startsWith(10L).endsWith(59L);
            assertThat(orders.texts.getFirst()).startsWith("order 10...");
            var times = orders.times;
            assertThat(times.getLast() - times.getFirst()).isEqualTo(49_000);
            assertThat(Collected.all(log.stream("订单").orElseThrow()).texts)
                    .hasSize(60)
                    .contains("単 59");
        }
    }
}
