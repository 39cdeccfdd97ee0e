// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A look at the speed of the log beside a bare harness that only appends and forces, in the same
 * run. Not a test: run its main with a directory and the seconds each figure may take.
 */
final class LogSpeed {
    private final Path directory;
    private final double seconds;

    private LogSpeed(Path directory, double seconds) {
        this.directory = directory;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        var speed =
                new LogSpeed(
                        Path.of(args.length > 0 ? args[0] : "target/speed"),
                        args.length > 1 ? Double.parseDouble(args[1]) : 3);
        if (args.length > 2) {
            for (int round = 0; round < 3; round++) {
                speed.compare(512, 1024, 1);
            }
            return;
        }
        for (int round = 0; round < 2; round++) {
            speed.compare(64, 1024, 1);
            speed.compare(512, 1024, 1);
            speed.compare(512, 1024, 1000);
            speed.comparePipelined(100, 1);
            speed.comparePipelined(100, 1000);
            speed.compareReplay();
        }
    }

    private void compare(int publishers, int size, int streams) throws Exception {
        double bare = withBare(it -> synchronously(publishers, i -> it.node(size), it::push));
        double log =
                withLog(
                        (engine, all) ->
                                synchronously(
                                        publishers,
                                        i -> new SpeedWaiter(all.get((int) (i % streams)), size),
                                        node -> engine.append(node.append())),
                        streams);
        print(
                "%d sync publishers, %d B, %d streams".formatted(publishers, size, streams),
                log,
                bare);
    }

    private void comparePipelined(int size, int streams) throws Exception {
        double bare = withBare(it -> pipelined(permits -> it.push(it.node(size, permits))));
        var payload = new byte[size];
        double log =
                withLog(
                        (engine, all) -> {
                            var next = new AtomicLong();
                            return pipelined(permits ->
                                    engine.append(
                                            new SpeedPiped(
                                                    all.get(
                                                            (int)
                                                                    (next.getAndIncrement()
                                                                            % streams)),
                                                    payload,
                                                    permits)));
                        },
                        streams);
        print("pipelined, %d B, %d streams".formatted(size, streams), log, bare);
    }

    private void compareReplay() throws Exception {
        clean();
        int count = 5_000_000;
        try (var log =
                Log.open(DiskStorage.at(directory), LogSettings.defaults(), LogOwner.none())) {
            var stream = log.create("replay");
            var permits = new Semaphore(20_000);
            var payload = new byte[100];
            for (int i = 0; i < count; i++) {
                permits.acquire();
                log.append(new SpeedPiped(stream, payload, permits));
            }
            permits.acquire(20_000);
            for (int round = 0; round < 3; round++) {
                long start = System.nanoTime();
                var sum = new Sum();
                var reader = stream.reader(0);
                while (reader.read(10_000, Long.MAX_VALUE, sum) > 0) {
                    continue;
                }
                double read = count / ((System.nanoTime() - start) / 1e9);
                long begin = System.nanoTime();
                long loop = bareReplay();
                double bare = loop / ((System.nanoTime() - begin) / 1e9);
                print("replay of %d (%d seen)".formatted(sum.count, loop), read, bare);
            }
        }
    }

    /** Reads segments, checks checksums, touches records. */
    private long bareReplay() throws IOException {
        long records = 0;
        var checksum = new Checksum();
        var buffer = ByteBuffer.allocateDirect(1024 * 1024);
        for (var name : DiskStorage.at(directory).list().stream().sorted().toList()) {
            if (!name.endsWith(".log")) {
                continue;
            }
            try (var channel = FileChannel.open(directory.resolve(name), StandardOpenOption.READ)) {
                long at = SegmentHeader.BYTES;
                while (true) {
                    buffer.clear();
                    int got = channel.read(buffer, at);
                    buffer.clear();
                    int chunk = 0;
                    while (got - chunk >= Chunk.HEADER && buffer.getInt(chunk) == Chunk.MAGIC) {
                        int length = Chunk.length(buffer, chunk);
                        if (got - chunk < length) {
                            break;
                        }
                        int epoch = Chunk.epoch(buffer, chunk);
                        if (!Chunk.headerIntact(buffer, chunk, epoch, checksum)) {
                            throw new IOException("bad header");
                        }
                        int crc = Chunk.headerChecksum(buffer, chunk);
                        boolean data = Chunk.stream(buffer, chunk) > Streams.STATE;
                        int record = chunk + Chunk.HEADER;
                        for (int left = Chunk.count(buffer, chunk); left > 0; left--) {
                            int bytes =
                                    Chunk.recordIntact(
                                            buffer, record, chunk + length, crc, checksum);
                            if (bytes < 0) {
                                throw new IOException("bad record");
                            }
                            record += Chunk.RECORD_HEADER + bytes;
                            records += data ? 1 : 0;
                        }
                        chunk += length;
                    }
                    if (chunk == 0) {
                        break;
                    }
                    at += chunk;
                }
            }
        }
        return records;
    }

    private static void print(String what, double log, double bare) {
        System.out.printf(
                "%-45s %,12.0f/s  bare %,12.0f/s  ratio %.2f%n", what, log, bare, log / bare);
    }

    private interface Maker<T> {
        T make(long i);
    }

    private interface Pusher<T> {
        void push(T node);
    }

    private <T extends SpeedWaiting> double synchronously(
            int publishers, Maker<T> maker, Pusher<T> pusher) throws Exception {
        var done = new AtomicLong();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int p = 0; p < publishers; p++) {
                int number = p;
                threads.submit(() -> {
                    long own = 0;
                    while (System.nanoTime() < end) {
                        var node = maker.make(number + own * 7);
                        node.owner(Thread.currentThread());
                        pusher.push(node);
                        while (!node.isDone()) {
                            LockSupport.park();
                        }
                        own++;
                    }
                    done.addAndGet(own);
                });
            }
        }
        return done.get() / ((System.nanoTime() - start) / 1e9);
    }

    private double pipelined(Pusher<Semaphore> pusher) throws InterruptedException {
        int window = 16_384;
        var permits = new Semaphore(window);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long count = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < 64; i++) {
                permits.acquire();
                pusher.push(permits);
            }
            count += 64;
        }
        permits.acquire(window);
        return count / ((System.nanoTime() - start) / 1e9);
    }

    private static final class Sum implements RecordConsumer {
        private long count;
        private long bytes;

        @Override
        public void record(long position, long wallMillis, ByteBuffer view) {
            count++;
            bytes += view.remaining();
        }

        @Override
        public void damaged(Damage damage) {
            throw new IllegalStateException(damage.toString());
        }
    }

    private interface LogRun {
        double run(Log log, List<LogStream> streams) throws Exception;
    }

    private double withLog(LogRun run, int streams) throws Exception {
        clean();
        try (var log =
                Log.open(DiskStorage.at(directory), LogSettings.defaults(), LogOwner.none())) {
            var all = new ArrayList<LogStream>();
            for (int i = 0; i < streams; i++) {
                all.add(log.create("stream " + i));
            }
            return run.run(log, all);
        } finally {
            clean();
        }
    }

    private interface BareRun {
        double run(SpeedBare bare) throws Exception;
    }

    private double withBare(BareRun run) throws Exception {
        clean();
        Files.createDirectories(directory);
        try (var bare = new SpeedBare(directory.resolve("bare"))) {
            return run.run(bare);
        } finally {
            clean();
        }
    }

    private void clean() throws IOException {
        if (Files.exists(directory)) {
            try (var all = Files.walk(directory)) {
                for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
