// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * The publish load, a process of its own together with what it publishes to: either synchronous
 * publishers, each a virtual thread, or one publisher that keeps many messages in flight. Prints
 * messages per second.
 */
@Command(name = "publish-load")
final class PublishLoad implements Callable<Integer> {
    enum Target {
        BARE,
        LAPWING,
        REDIS
    }

    @Option(names = "--target", required = true)
    private Target target = Target.BARE;

    @Option(names = "--data", required = true)
    private Path data = Path.of("");

    @Option(names = "--port")
    private int port;

    @Option(names = "--connections", defaultValue = "4")
    private int connections;

    /** Synchronous publishers; 0 publishes asynchronously. */
    @Option(names = "--publishers", defaultValue = "64")
    private int publishers;

    @Option(names = "--in-flight", defaultValue = "16384")
    private int inFlight;

    @Option(names = "--bytes", defaultValue = "1024")
    private int bytes;

    @Option(names = "--topics", defaultValue = "1")
    private int topics;

    /** Publishes so many asynchronously and measures the whole of it; else by time. */
    @Option(names = "--messages", defaultValue = "0")
    private long messages;

    @Option(names = "--warm-up", defaultValue = "2")
    private double warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "3")
    private double seconds;

    private final LongAdder stored = new LongAdder();
    private volatile boolean running = true;

    public static void main(String[] arguments) {
        System.exit(
                new CommandLine(new PublishLoad())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (PublishTarget to = open()) {
            if (messages > 0) {
                long start = System.nanoTime();
                pipeline(to, messages);
                print(messages / ((System.nanoTime() - start) / 1e9));
            } else {
                runForTime(to);
            }
        }
        return 0;
    }

    private PublishTarget open() throws IOException {
        return switch (target) {
            case BARE -> new BareTarget(data);
            case LAPWING -> new LapwingTarget(data, topics);
            case REDIS -> new RedisTarget(port, connections);
        };
    }

    private void runForTime(PublishTarget to) throws InterruptedException {
        var threads = new Thread[Math.max(1, publishers)];
        for (int index = 0; index < threads.length; index++) {
            int publisher = index;
            threads[index] =
                    publishers == 0
                            ? Thread.ofPlatform().start(() -> pipeline(to, Long.MAX_VALUE))
                            : Thread.ofVirtual().start(() -> publishOneByOne(to, publisher));
        }
        Period.ofSeconds(warmUpSeconds);
        long before = stored.sum();
        long start = System.nanoTime();
        Period.ofSeconds(seconds);
        double rate = (stored.sum() - before) / ((System.nanoTime() - start) / 1e9);
        running = false;
        for (Thread thread : threads) {
            thread.join();
        }
        print(rate);
    }

    private void publishOneByOne(PublishTarget to, int publisher) {
        byte[] payload = new byte[bytes];
        for (long number = publisher; running; number += publishers) {
            to.publish(number, payload);
            stored.increment();
        }
    }

    private void pipeline(PublishTarget to, long limit) {
        byte[] payload = new byte[bytes];
        var room = new Semaphore(inFlight);
        for (long number = 0; running && number < limit; number++) {
            if (!room.tryAcquire()) {
                to.flush();
                room.acquireUninterruptibly();
            }
            to.publishAsync(number, payload)
                    .whenComplete((_, failure) -> {
                        if (failure != null) {
                            fail(failure);
                        }
                        stored.increment();
                        room.release();
                    });
        }
        to.flush();
        room.acquireUninterruptibly(inFlight);
    }

    private static void fail(Throwable failure) {
        System.err.println("publish-load: " + failure);
        Runtime.getRuntime().halt(1);
    }

    private static void print(double rate) {
        Result.of("messages_per_second", rate).print();
    }
}
