// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.Admission;
import dev.lapwing.log.Append;
import dev.lapwing.log.Damage;
import dev.lapwing.log.LogFailure;
import dev.lapwing.log.LogReader;
import dev.lapwing.log.LogStream;
import dev.lapwing.log.RecordConsumer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Moves delayed messages into their topics when they are due. They wait in a stream of their own;
 * one atomic append puts a message into its topic and settles it here, so that a crash neither
 * loses nor doubles it. What is kept in memory is when each is due and where it stands: found by
 * reading the stream, after a restart from its beginning.
 *
 * <p>Owned by the turn of its pump.
 */
final class Delays implements RecordConsumer {
    private static final Logger LOGGER = System.getLogger(Delays.class.getName());
    private static final int MOVE_RECORDS = 128;
    private static final int MOVE_BYTES = 256 * 1024;
    private static final long RETRY_MILLIS = 100;
    private static final int TRIM_STEP = 1024;

    private final Engine engine;
    private final LogStream stream;
    private final GroupState moved;
    private final LogReader arriving;
    private final LogReader fetching;
    private final LongHeap waiting = new LongHeap();
    private final Queue<long[]> failed = new ConcurrentLinkedQueue<>();
    private final Pump pump;
    private final Timer.Alarm alarm;

    Delays(Engine engine, LogStream stream, GroupState moved) {
        this.engine = engine;
        this.stream = stream;
        this.moved = moved;
        this.arriving = stream.reader(moved.settled().floor());
        this.fetching = stream.reader(moved.settled().floor());
        this.pump = new Pump(engine.threads(), this::turn);
        this.alarm = engine.timer().alarm(pump::wake);
        stream.onStored(pump::wake);
    }

    LogStream stream() {
        return stream;
    }

    void wake() {
        pump.wake();
    }

    private void turn() {
        while (arriving.read(10_000, 1 << 20, this) > 0) {}
        for (long[] positions = failed.poll(); positions != null; positions = failed.poll()) {
            for (long position : positions) {
                waiting.add(engine.clock().now() + RETRY_MILLIS, position);
            }
        }
        while (waiting.firstKey() <= engine.clock().now() && moveSome()) {}
        alarm.at(waiting.firstKey());
        long floor = moved.settled().floor();
        if (floor - stream.first() >= TRIM_STEP) {
            stream.trim(floor);
        }
    }

    @Override
    public void record(long position, long wallMillis, ByteBuffer bytes) {
        if (!moved.settled().contains(position)) {
            waiting.add(DelayedCodec.due(bytes), position);
        }
    }

    @Override
    public void damaged(Damage damage) {
        LOGGER.log(Level.ERROR, "Delayed messages are lost: {0}", damage);
        if (damage.firstPosition() >= 0 && damage.endPosition() > damage.firstPosition()) {
            long[] run = {damage.firstPosition(), damage.endPosition() - damage.firstPosition()};
            engine.stateLog().append(new StateRecord.Settled(EngineState.DELAYED, run));
        }
    }

    /** Moves a handful that is due; false when the log takes none for now. */
    private boolean moveSome() {
        List<Append> appends = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        int bytes = 0;
        long now = engine.clock().now();
        while (waiting.firstKey() <= now && appends.size() < MOVE_RECORDS && bytes < moveBytes()) {
            long position = waiting.firstValue();
            waiting.removeFirst();
            Fetched fetched = new Fetched(position);
            fetching.seek(position);
            fetching.read(1, 1, fetched);
            positions.add(position);
            Append append = fetched.append;
            if (append != null) {
                appends.add(append);
                bytes += fetched.size;
            }
        }
        return move(appends, positions.stream().mapToLong(Long::longValue).toArray());
    }

    private int moveBytes() {
        return Math.min(MOVE_BYTES, engine.maxRecordBytes() / 4);
    }

    private boolean move(List<Append> appends, long[] positions) {
        var done = new CompletableFuture<Void>();
        done.exceptionally(error -> {
            failed.add(positions);
            alarm.at(engine.clock().now() + RETRY_MILLIS);
            return null;
        });
        var settled = StateRecord.Settled.of(EngineState.DELAYED, positions);
        List<Append> all = new ArrayList<>(appends);
        all.add(engine.stateLog().change(settled, done));
        Admission admission = engine.log().appendAtomically(all);
        if (admission != Admission.ACCEPTED) {
            done.completeExceptionally(new IllegalStateException(admission.name()));
            return false;
        }
        return true;
    }

    /** Takes one message that is due. */
    private final class Fetched implements RecordConsumer {
        private final long position;
        private @org.jspecify.annotations.Nullable Move append;
        private int size;

        Fetched(long position) {
            this.position = position;
        }

        @Override
        public void record(long at, long wallMillis, ByteBuffer bytes) {
            if (at == position) {
                Topic topic = engine.topics().open(DelayedCodec.topic(bytes));
                byte[] message = new byte[bytes.remaining()];
                bytes.get(message);
                append = new Move(topic.stream(), message);
                size = message.length;
            }
        }

        @Override
        public void damaged(Damage damage) {
            LOGGER.log(Level.ERROR, "A delayed message is lost: {0}", damage);
        }
    }

    /** A message on its way from here into its topic. */
    private static final class Move extends Append {
        private final byte[] message;

        Move(LogStream topic, byte[] message) {
            super(topic);
            this.message = message;
        }

        @Override
        protected int encodedSize() {
            return message.length;
        }

        @Override
        protected void encodeTo(ByteBuffer target) {
            target.put(message);
        }

        @Override
        protected void stored(long position) {}

        @Override
        protected void failed(LogFailure failure) {}
    }
}
