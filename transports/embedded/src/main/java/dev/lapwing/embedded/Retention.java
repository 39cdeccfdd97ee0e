// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.Damage;
import dev.lapwing.log.LogStream;
import dev.lapwing.log.RecordConsumer;

import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;

/**
 * Removes what the options say is to be kept no longer: messages that are too old, too many or too
 * large together, and messages out of date at the beginning of a topic. Looks once a second.
 */
final class Retention implements AutoCloseable {
    private static final long PERIOD_MILLIS = 1000;

    private final Engine engine;
    private final EmbeddedOptions options;
    private final Pump pump;
    private final Timer.Alarm alarm;
    private volatile boolean closed;

    Retention(Engine engine, EmbeddedOptions options) {
        this.engine = engine;
        this.options = options;
        this.pump = new Pump(engine.threads(), this::enforce);
        this.alarm = engine.timer().alarm(this::ring);
    }

    void start() {
        alarm.at(engine.clock().now() + PERIOD_MILLIS);
    }

    private void ring() {
        pump.wake();
        alarm.at(engine.clock().now() + PERIOD_MILLIS);
    }

    /** Looks at every topic once. */
    void enforce() {
        if (closed) {
            return;
        }
        engine.topics().all().forEach(this::enforce);
        if (options.totalBytes() > 0) {
            enforceTotal();
        }
    }

    private void enforce(Topic topic) {
        LogStream stream = topic.stream();
        long keep = stream.first();
        if (options.retentionCount() > 0) {
            keep = Math.max(keep, stream.end() - options.retentionCount());
        }
        if (options.retentionBytes() > 0) {
            keep = Math.max(keep, stream.positionKeeping(options.retentionBytes()));
        }
        if (options.retentionAge().isPositive()) {
            keep = Math.max(keep, stream.positionYoungerThan(options.retentionAge()));
        }
        if (topic.mayExpire()) {
            keep = firstAlive(topic, keep);
        }
        if (keep > stream.first()) {
            stream.trim(keep);
        }
    }

    /**
     * The first message from a position on that is not out of date, or whose id may be needed to
     * tell duplicates after a crash.
     */
    private long firstAlive(Topic topic, long from) {
        var expired = new Expired(from);
        var reader = topic.stream().reader(from);
        while (!expired.alive && reader.read(64, 1 << 20, expired) > 0) {}
        if (expired.end == from && !expired.mayExpire) {
            topic.mayExpire(false);
        }
        long inWindow = topic.stream().positionYoungerThan(options.dedupeWindow());
        return Math.max(from, Math.min(expired.end, inWindow));
    }

    /** Counts records out of date. */
    private final class Expired implements RecordConsumer {
        private long end;
        private boolean alive;
        private boolean mayExpire;

        Expired(long from) {
            end = from;
        }

        @Override
        public void record(long position, long wallMillis, ByteBuffer bytes) {
            if (!alive && MessageCodec.isExpired(bytes, engine.clock().now())) {
                end = position + 1;
            } else {
                mayExpire |= MessageCodec.mayExpire(bytes);
                alive = true;
            }
        }

        @Override
        public void damaged(Damage damage) {
            alive = true;
        }
    }

    /** Finds the size that all topics may have together, and cuts the larger ones down to it. */
    private void enforceTotal() {
        List<Topic> topics =
                engine.topics().all().stream()
                        .sorted(Comparator.comparingLong(Retention::bytes))
                        .toList();
        long left = options.totalBytes();
        for (int at = 0; at < topics.size(); at++) {
            long share = left / (topics.size() - at);
            long bytes = bytes(topics.get(at));
            if (bytes > share) {
                LogStream stream = topics.get(at).stream();
                stream.trim(stream.positionKeeping(share));
            }
            left -= Math.min(bytes, share);
        }
    }

    private static long bytes(Topic topic) {
        return topic.stream().size().bytes();
    }

    @Override
    public void close() {
        closed = true;
    }
}
