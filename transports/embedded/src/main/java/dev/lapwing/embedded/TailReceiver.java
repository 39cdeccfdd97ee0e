// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.ClosedException;
import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.log.Damage;
import dev.lapwing.log.LogException;
import dev.lapwing.log.LogReader;
import dev.lapwing.log.RecordConsumer;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * A receiver without a group: reads straight from the log with a cursor for each topic, and
 * remembers nothing. Settling does nothing, as nothing comes again.
 */
final class TailReceiver implements Receiver {
    private static final int TURN = 1024;
    private static final long TURN_BYTES = 1 << 20;

    private final ReceiverRequest request;
    private final ReceiverListener listener;
    private final EngineClock clock;
    private final Consumer<TailReceiver> onClose;
    private final Map<Topic, Cursor> cursors = new ConcurrentHashMap<>();
    private final Queue<Cursor> ready = new ConcurrentLinkedQueue<>();
    private final AtomicInteger credit = new AtomicInteger();
    private final AtomicReference<Optional<LapwingException>> failure =
            new AtomicReference<>(Optional.empty());
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Pump pump;
    private volatile boolean stopped;
    private boolean failureTold;

    TailReceiver(
            ReceiverRequest request,
            ReceiverListener listener,
            Engine engine,
            Consumer<TailReceiver> onClose) {
        this.request = request;
        this.listener = listener;
        this.clock = engine.clock();
        this.onClose = onClose;
        this.pump = new Pump(engine.threads(), this::turn);
    }

    ReceiverRequest request() {
        return request;
    }

    void read(Topic topic, long from) {
        Cursor cursor = new Cursor(topic, from);
        if (cursors.putIfAbsent(topic, cursor) == null) {
            topic.add(cursor);
            cursor.wake();
        }
    }

    void failed(LapwingException cause) {
        failure.compareAndSet(Optional.empty(), Optional.of(cause));
        stopped = true;
        pump.wake();
    }

    @Override
    public void grant(int deliveries) {
        credit.addAndGet(deliveries);
        pump.wake();
    }

    private void turn() {
        tellFailure();
        Cursor cursor;
        while (!stopped && credit.get() > 0 && (cursor = ready.poll()) != null) {
            cursor.turn();
        }
        if (stopped) {
            ended.complete(null);
            tellFailure();
        }
    }

    private void tellFailure() {
        if (!failureTold && failure.get().isPresent()) {
            failureTold = true;
            listener.failed(failure.get().get());
        }
    }

    /** A place in one topic. Owned by the turn of the pump, but for {@link #wake}. */
    private final class Cursor implements Topic.Reader, RecordConsumer {
        private final Topic topic;
        private final LogReader reader;
        private final AtomicBoolean queued = new AtomicBoolean();
        private long expected;
        private List<Received> batch = List.of();

        Cursor(Topic topic, long from) {
            this.topic = topic;
            this.expected = from;
            this.reader = topic.stream().reader(from);
        }

        @Override
        public void wake() {
            if (queued.compareAndSet(false, true)) {
                ready.add(this);
                pump.wake();
            }
        }

        @Override
        public void deleted() {
            topic.remove(this);
            cursors.remove(topic);
            if (!request.topics().isPattern()) {
                failed(new ClosedException("Topic '%s' was deleted".formatted(topic.name())));
            }
        }

        void turn() {
            queued.set(false);
            int limit = Math.min(TURN, credit.get());
            batch = new ArrayList<>(Math.min(limit, 64));
            int count;
            try {
                count = reader.read(limit, TURN_BYTES, this);
            } catch (LogException | IllegalArgumentException e) {
                failed(
                        new LapwingException(
                                "Topic '%s' cannot be read: %s"
                                        .formatted(topic.name(), e.getMessage()),
                                e));
                return;
            }
            flush();
            if (count > 0) {
                wake();
            } else if (expected < topic.stream().first()) {
                missing(topic.stream().first(), "removed before they were read");
            }
        }

        private void flush() {
            if (!batch.isEmpty()) {
                credit.addAndGet(-batch.size());
                listener.deliver(batch);
                batch = new ArrayList<>();
            }
        }

        @Override
        public void record(long position, long wallMillis, ByteBuffer bytes) {
            if (position > expected) {
                missing(position, "removed before they were read");
            }
            expected = position + 1;
            if (!MessageCodec.isExpired(bytes, clock.now())) {
                batch.add(new StoredMessage(topic, position, bytes));
            }
        }

        @Override
        public void damaged(Damage damage) {
            missing(Math.max(expected, damage.endPosition()), damage.detail());
        }

        private void missing(long to, String reason) {
            flush();
            Optional<Position> after =
                    expected == 0 ? Optional.empty() : Optional.of(Positions.of(expected - 1));
            long count = to > expected ? to - expected : -1;
            listener.gap(new Gap(topic.name(), after, count, reason));
            expected = to;
        }
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(SettleReport.allUnconfirmed());
    }

    @Override
    public CompletableFuture<Void> stop() {
        stopped = true;
        pump.wake();
        return ended;
    }

    @Override
    public void close() {
        stopped = true;
        onClose.accept(this);
        cursors.forEach(Topic::remove);
        cursors.clear();
        pump.wake();
    }
}
