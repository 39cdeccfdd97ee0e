// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;

/**
 * The one writer of a log. Takes what queued up while the last commit ran, writes it as one batch,
 * forces it, makes it readable, and tells those who wait; in this order, and never two at once.
 */
final class Committer {
    private static final Logger LOG = System.getLogger(Committer.class.getName());
    private static final int FIRST_BUFFER = 256 * 1024;
    private static final long IDLE_NANOS = 20_000_000;

    private final Log log;
    private final LogSettings settings;
    private final CommitQueue queue;
    private final Keeper keeper;
    private final Batch batch = new Batch();
    private final ChunkFields fields = new ChunkFields();
    private final Checksum checksum = new Checksum();
    private final Intake intake;
    private final SegmentStarter starter;
    private ByteBuffer buffer;
    private @Nullable SegmentWriter active;
    private long sequence;
    private long lastForce;
    private boolean markerDue;
    private boolean rollDue;

    Committer(Log log, CommitQueue queue, Keeper keeper, long lastSequence) {
        this.log = log;
        this.settings = log.settings();
        this.queue = queue;
        this.keeper = keeper;
        this.intake = new Intake(log, queue, keeper);
        this.starter = new SegmentStarter(log, keeper, checksum);
        this.sequence = lastSequence;
        this.buffer = ByteBuffer.allocateDirect(Math.min(FIRST_BUFFER, settings.segmentBytes()));
        this.lastForce = log.time().nanoTime();
    }

    /** Commits one batch of what waits; false when nothing does. */
    boolean commitOnce() {
        if (!intake.hasMore()) {
            return false;
        }
        long taken = intake.fill(batch, active);
        if (!batch.isEmpty()) {
            commit();
            batch.clear();
        }
        queue.release(taken);
        return true;
    }

    private void commit() {
        try {
            makeRoom();
            write();
        } catch (UncheckedIOException failed) {
            writeFailed(causeOf(failed));
        } catch (IOException failed) {
            writeFailed(failed);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, log.place() + ": the writer failed", bug);
            poison(new IOException("internal error: " + bug, bug));
        }
    }

    private void writeFailed(IOException failed) {
        if (log.storage().isFull(failed)) {
            keeper.reportFull();
            log.health().diskFull();
            wipe();
            rollDue = true;
            failAll(intake.diskFull(String.valueOf(failed.getMessage())));
        } else {
            poison(failed);
        }
    }

    private static IOException causeOf(UncheckedIOException failed) {
        var cause = failed.getCause();
        return cause == null ? new IOException(failed) : cause;
    }

    private void wipe() {
        try {
            if (active != null) {
                active.wipe();
            }
        } catch (IOException leavesAnUnfinishedBatch) {
            LOG.log(Level.DEBUG, "not wiped", leavesAnUnfinishedBatch);
        }
    }

    private void poison(IOException failed) {
        log.health().poison(failed);
        failAll(LogFailure.of(LogFailure.Kind.UNKNOWN, log.health().poisonedMessage(), failed));
    }

    private void failAll(LogFailure failure) {
        for (int i = 0; i < batch.size(); i++) {
            Intake.tell(batch.get(i), failure);
        }
    }

    private void makeRoom() throws IOException {
        var writer = active;
        if (writer == null
                || (rollDue && !keeper.noRoom())
                || (writer.room() < batch.bound() && !writer.isFresh())) {
            roll();
            rollDue = false;
        }
        if (buffer.capacity() < batch.bound()) {
            long wanted =
                    Math.max(batch.bound(), Math.min(2L * buffer.capacity(), intake.batchLimit()));
            buffer = ByteBuffer.allocateDirect((int) wanted);
        }
    }

    private void write() throws IOException {
        var writer = writer();
        begin(writer);
        ChunkEcho echo = encode(writer);
        if (batch.isEmpty()) {
            return;
        }
        long offset = writer.offset();
        writer.append(buffer, echo);
        sync(writer);
        batch.placements().index(writer.segment, offset, fields.wall, fields.logTime);
        writer.segment.end = writer.offset();
        keeper.filled(writer.offset(), writer.limit());
        markerDue = true;
        complete();
    }

    private SegmentWriter writer() throws IOException {
        var writer = active;
        if (writer == null) {
            throw new IOException("No space left: there is no segment to write to");
        }
        return writer;
    }

    private void begin(SegmentWriter writer) {
        fields.epoch = writer.segment.header.epoch();
        fields.wall = log.time().wall();
        fields.logTime = log.time().now();
        fields.sequence = ++sequence;
        fields.durableEnd = writer.durableEnd();
    }

    private ChunkEcho encode(SegmentWriter writer) {
        while (true) {
            buffer.clear();
            try {
                return batch.encode(buffer, fields, writer.echo(), checksum);
            } catch (Batch.NotEncodedException bad) {
                var failure =
                        LogFailure.of(
                                LogFailure.Kind.NOT_ENCODED,
                                "%s: %s".formatted(bad.append.stream, bad.getMessage()),
                                bad);
                batch.removeGroupOf(bad.append).forEach(append -> Intake.tell(append, failure));
            }
        }
    }

    private void sync(SegmentWriter writer) throws IOException {
        switch (settings.fsync()) {
            case ALWAYS -> writer.force();
            case EVERY_INTERVAL_MAY_LOSE_RECENT -> {
                if (untilForce() <= 0) {
                    writer.force();
                    lastForce = log.time().nanoTime();
                }
            }
            case NEVER_MAY_LOSE_ANY -> {}
        }
    }

    private long untilForce() {
        return lastForce + settings.fsyncInterval().toNanos() - log.time().nanoTime();
    }

    private void complete() {
        for (var stream : batch.streams()) {
            stream.advance(
                    stream.batch.tail == null ? stream.end() : stream.batch.tail.position + 1);
        }
        for (int i = 0; i < batch.size(); i++) {
            var append = batch.get(i);
            try {
                append.stored(append.position);
            } catch (RuntimeException bug) {
                LOG.log(
                        Level.ERROR,
                        log.place() + ": an append failed to hear of its success",
                        bug);
            }
        }
        for (var stream : batch.streams()) {
            stream.listeners().forEach(this::call);
        }
    }

    private void call(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, log.place() + ": a listener failed", bug);
        }
    }

    /** Goes on in a new segment, whose head and first batch are forced together. */
    void roll() throws IOException {
        var old = active;
        if (old != null && old.isDirty()) {
            old.force();
        }
        var next = keeper.takeSegment(settings.segmentBytes());
        if (old != null) {
            mark(old);
        }
        fields.sequence = ++sequence;
        active = starter.start(next, fields, buffer);
        if (old != null) {
            keeper.sealed(old.segment);
            old.close();
        }
    }

    /** How long to sleep when nothing waits; 0 is until something comes. */
    long idleNanos() {
        var writer = active;
        if (writer == null || log.health().isPoisoned()) {
            return 0;
        }
        if (writer.isDirty()) {
            return settings.fsync() == FsyncPolicy.EVERY_INTERVAL_MAY_LOSE_RECENT
                    ? Math.max(1, untilForce())
                    : 0;
        }
        return markerDue ? IDLE_NANOS : 0;
    }

    /** Does what is due when nothing waited for a while. */
    void idle() {
        var writer = active;
        if (writer == null || log.health().isPoisoned()) {
            return;
        }
        try {
            if (writer.isDirty()) {
                if (settings.fsync() == FsyncPolicy.EVERY_INTERVAL_MAY_LOSE_RECENT
                        && untilForce() <= 0) {
                    writer.force();
                    lastForce = log.time().nanoTime();
                }
            } else if (markerDue) {
                mark(writer);
                writer.force();
                keeper.idle(writer.offset(), writer.limit());
            }
        } catch (IOException failed) {
            markFailed(failed);
        }
    }

    private void markFailed(IOException failed) {
        if (log.storage().isFull(failed)) {
            markerDue = false;
        } else {
            poison(failed);
        }
    }

    /**
     * Leaves a mark behind the end that says that all before it is durable, and what the last chunk
     * is; the next batch overwrites it. Without it, damage to the last batch would look like a torn
     * one.
     */
    private void mark(SegmentWriter writer) throws IOException {
        markerDue = false;
        begin(writer);
        buffer.clear();
        Chunk.writeMarker(buffer, fields, writer.echo(), checksum);
        writer.writeAhead(buffer);
    }

    /** Commits all that waits, lets nothing more in, and leaves the file cut to its length. */
    void finish() {
        boolean more = true;
        while (more) {
            more = commitOnce();
        }
        intake.close();
        while (intake.hasMore()) {
            commitOnce();
        }
        var writer = active;
        if (writer == null) {
            return;
        }
        try (var _ = new Closing(writer)) {
            if (!log.health().isPoisoned()) {
                if (writer.isDirty()) {
                    writer.force();
                }
                mark(writer);
                writer.cutAt(writer.offset() + Chunk.HEADER);
                writer.force();
            }
        } catch (IOException failed) {
            markFailed(failed);
        }
    }

    /** Closes the writer's file whatever happens. */
    private record Closing(SegmentWriter writer) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
