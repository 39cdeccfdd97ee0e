// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

class LogTest {
    private static final LogSettings SMALL = LogSettings.defaults().withSegmentBytes(64 * 1024);

    @TempDir Path directory;

    private Storage storage(boolean disk) {
        return disk ? DiskStorage.at(directory) : MemoryStorage.create();
    }

    private static List<Long> store(Log log, LogStream stream, int from, int count) {
        var appends = new ArrayList<TestAppend>();
        for (int i = from; i < from + count; i++) {
            appends.add(new TestAppend(stream, "record " + i));
        }
        assertThat(log.append(appends)).isEqualTo(Admission.ACCEPTED);
        return appends.stream().map(TestAppend::await).toList();
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "record " + i).toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recordsAreReadInOrderAndAfterReopening(boolean disk) {
        var storage = storage(disk);
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            var stream = log.create("one");
            assertThat(store(log, stream, 0, 3000)).startsWith(0L, 1L, 2L).endsWith(2999L);
            assertThat(Collected.all(stream).texts).isEqualTo(texts(0, 3000));
            assertThat(Collected.from(stream, 2995).positions)
                    .containsExactly(2995L, 2996L, 2997L, 2998L, 2999L);
        }
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            var stream = log.stream("one").orElseThrow();
            assertThat(stream.end()).isEqualTo(3000);
            assertThat(store(log, stream, 3000, 3000)).startsWith(3000L);
            var read = Collected.all(stream);
            assertThat(read.texts).isEqualTo(texts(0, 6000));
            assertThat(read.damages).isEmpty();
            assertThat(log.recovery().damages()).isEmpty();
            assertThat(log.recovery().tornBytes()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyStreamsAndPublishersKeepTheirOrder(boolean disk) throws Exception {
        var storage = storage(disk);
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            try (var publishers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int p = 0; p < 20; p++) {
                    var stream = log.create("stream " + p);
                    publishers.submit(() -> {
                        for (int i = 0; i < 200; i++) {
                            var append = new TestAppend(stream, "record " + i);
                            log.append(append);
                            assertThat(append.await()).isEqualTo(i);
                        }
                        return null;
                    });
                }
            }
            check(log);
        }
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            check(log);
        }
    }

    private static void check(Log log) {
        assertThat(log.streams()).hasSize(20);
        for (var stream : log.streams()) {
            assertThat(Collected.all(stream).texts).isEqualTo(texts(0, 200));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stateComesBackAcrossManySegments(boolean disk) {
        var storage = storage(disk);
        var expected = new ArrayList<String>();
        for (int run = 0; run < 4; run++) {
            var owner = new TestOwner();
            try (var log = Log.open(storage, SMALL, owner)) {
                assertThat(owner.state).isEqualTo(expected);
                var stream = log.create("messages");
                for (int i = 0; i < 50; i++) {
                    var text = run + "." + i;
                    var message = new TestAppend(stream, new byte[4000]);
                    var state = owner.append(log, text);
                    log.appendAtomically(List.of(message, state));
                    state.await();
                    assertThat(message.isStored()).isTrue();
                    expected.add(text);
                }
            }
        }
    }

    @Test
    void lockedDirectoryIsRefusedByName() {
        try (var log = Log.open(DiskStorage.at(directory), SMALL, LogOwner.none())) {
            assertThatThrownBy(() -> Log.open(DiskStorage.at(directory), SMALL, LogOwner.none()))
                    .isInstanceOf(LogLockedException.class)
                    .hasMessageContaining(directory.toString());
            assertThat(log.status()).isEqualTo(LogStatus.RUNNING);
        }
    }

    /** Without their indexes, which are written later. */
    private static long segments(Storage storage) throws IOException {
        return storage.list().stream().filter(name -> name.endsWith(".log")).count();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trimmedRecordsAreGoneAndTheirSegmentsToo(boolean disk) throws Exception {
        var storage = storage(disk);
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            var stream = log.create("one");
            for (int i = 0; i < 20; i++) {
                store(log, stream, i * 1000, 1000);
            }
            long before = segments(storage);
            stream.trim(19_500);
            await().until(() -> stream.first() == 19_500 && segments(storage) < before / 2);
            assertThat(Collected.from(stream, 0).texts).isEqualTo(texts(19_500, 20_000));
            assertThat(stream.size().records()).isEqualTo(500);
        }
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            var stream = log.stream("one").orElseThrow();
            assertThat(stream.first()).isEqualTo(19_500);
            var read = Collected.from(stream, 0);
            assertThat(read.texts).isEqualTo(texts(19_500, 20_000));
            assertThat(read.damages).isEmpty();
            stream.trim(20_000);
            assertThat(store(log, stream, 20_000, 1)).containsExactly(20_000L);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mostlyDeadSegmentsAreRewrittenWhileTheyAreRead(boolean disk) throws Exception {
        var storage = storage(disk);
        var failure = new AtomicReference<Throwable>();
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            var kept = log.create("kept");
            var busy = log.create("busy");
            store(log, kept, 0, 10);
            var reader =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    while (kept.end() < 300) {
                                        var read = Collected.all(kept);
                                        assertThat(read.damages).isEmpty();
                                        assertThat(read.texts)
                                                .isEqualTo(texts(0, read.texts.size()));
                                    }
                                } catch (Throwable thrown) {
                                    failure.set(thrown);
                                }
                            });
            for (int i = 10; i < 300; i += 10) {
                store(log, busy, i * 100, 1000);
                store(log, kept, i, 10);
                busy.trim(busy.end());
            }
            reader.join();
            assertThat(failure.get()).isNull();
            await().until(() ->
                    log.segments().all().stream().anyMatch(it -> it.header.generation() > 0));
            await().until(() -> bytes(log) < 500_000);
        }
        assertThat(LogVerifier.verify(storage).damages()).isEmpty();
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            assertThat(log.recovery().damages()).isEmpty();
            var kept = log.stream("kept").orElseThrow();
            var read = Collected.all(kept);
            assertThat(read.damages).isEmpty();
            assertThat(read.texts).isEqualTo(texts(0, 300));
            assertThat(kept.size().bytes()).isLessThan(30_000);
        }
    }

    private static long bytes(Log log) {
        return log.segments().all().stream().mapToLong(segment -> segment.end).sum();
    }

    @Test
    void droppedStreamGivesItsNameBackAndComesBackEmpty() {
        var storage = storage(false);
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            var old = log.create("one");
            store(log, old, 0, 10);
            assertThat(old.drop()).isEqualTo(Admission.ACCEPTED);
            var fresh = log.create("one");
            assertThat(store(log, fresh, 0, 5)).endsWith(4L);
            var late = new TestAppend(old, "late");
            log.append(late);
            await().until(() -> late.failure().isPresent());
            assertThat(late.failure().orElseThrow().kind())
                    .isEqualTo(LogFailure.Kind.STREAM_DROPPED);
        }
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            assertThat(log.streams()).hasSize(1);
            assertThat(Collected.all(log.create("one")).texts).isEqualTo(texts(0, 5));
        }
    }

    @Test
    void deletedIndexesChangeNothing() throws Exception {
        var storage = storage(true);
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            for (int i = 0; i < 20; i++) {
                store(log, log.create("one"), i * 500, 500);
                store(log, log.create("two"), i * 500, 500);
            }
        }
        int deleted = 0;
        for (var name : storage.list()) {
            if (name.endsWith(".index")) {
                Files.delete(directory.resolve(name));
                deleted++;
            }
        }
        assertThat(deleted).isGreaterThan(3);
        try (var log = Log.open(storage, SMALL, LogOwner.none())) {
            assertThat(log.recovery().indexesRebuilt()).isGreaterThan(3);
            for (var stream : log.streams()) {
                assertThat(Collected.all(stream).texts).isEqualTo(texts(0, 10_000));
            }
        }
    }

    @Test
    void listenerIsCalledOncePerBatch() {
        try (var log = Log.open(storage(false), SMALL, LogOwner.none())) {
            var stream = log.create("one");
            var calls = new AtomicInteger();
            try (var registration = stream.onStored(calls::incrementAndGet)) {
                store(log, stream, 0, 100);
                await().until(() -> calls.get() > 0);
                assertThat(calls.get()).isLessThan(100);
            }
        }
    }

    @Test
    void appendThatDoesNotWriteWhatItAnnouncedFailsAlone() {
        try (var log = Log.open(storage(false), SMALL, LogOwner.none())) {
            var stream = log.create("one");
            var good = new TestAppend(stream, "good");
            var bad =
                    new TestAppend(stream, "bad") {
                        @Override
                        protected int encodedSize() {
                            return 7;
                        }
                    };
            var after = new TestAppend(stream, "after");
            log.append(List.of(good, bad, after));
            assertThat(good.await()).isZero();
            assertThat(after.await()).isEqualTo(1);
            assertThat(bad.failure().orElseThrow().kind()).isEqualTo(LogFailure.Kind.NOT_ENCODED);
        }
    }

    @Test
    void fullBacklogIsRefused() {
        var settings = SMALL.withBacklogBytes(1000);
        var log = Log.openIdle(storage(false), settings, LogOwner.none());
        var stream = log.create("one");
        assertThat(log.append(new TestAppend(stream, new byte[600]))).isEqualTo(Admission.ACCEPTED);
        assertThat(log.append(new TestAppend(stream, new byte[600])))
                .isEqualTo(Admission.BACKLOG_FULL);
        assertThat(log.step()).isTrue();
        assertThat(log.append(new TestAppend(stream, new byte[600]))).isEqualTo(Admission.ACCEPTED);
        for (int i = 0; i < 1000; i++) {
            assertThat(log.step()).isTrue();
            assertThat(log.append(new TestAppend(stream, new byte[600])))
                    .isEqualTo(Admission.ACCEPTED);
        }
        log.close();
        assertThat(log.append(new TestAppend(stream, "late"))).isEqualTo(Admission.CLOSED);
    }

    @Test
    void interruptedReaderDisturbsNobody() throws Exception {
        try (var log = Log.open(storage(true), SMALL, LogOwner.none())) {
            var stream = log.create("one");
            store(log, stream, 0, 20_000);
            var failures = ConcurrentHashMap.<Throwable>newKeySet();
            var threads = new ArrayList<Thread>();
            for (int i = 0; i < 8; i++) {
                boolean interrupted = i % 2 == 0;
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        if (interrupted) {
                                            Thread.currentThread().interrupt();
                                        }
                                        var read = Collected.all(stream);
                                        assertThat(read.texts).isEqualTo(texts(0, 20_000));
                                        assertThat(Thread.interrupted()).isEqualTo(interrupted);
                                    } catch (Throwable failure) {
                                        failures.add(failure);
                                    }
                                }));
            }
            for (var thread : threads) {
                thread.join();
            }
            assertThat(failures).isEmpty();
        }
    }
}
