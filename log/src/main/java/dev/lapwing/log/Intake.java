// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands between the queue and the batch: takes appends group by group, as many as fit, and
 * turns away those that may not be stored now. The writer thread's own.
 */
final class Intake {
    private static final Logger LOG = System.getLogger(Intake.class.getName());
    private static final int BATCH_TARGET = 4 * 1024 * 1024;

    private final Log log;
    private final LogSettings settings;
    private final CommitQueue queue;
    private final Keeper keeper;
    private final List<Append> group = new ArrayList<>();
    private @Nullable Append pending;
    private Batch batch = new Batch();
    private @Nullable SegmentWriter active;

    Intake(Log log, CommitQueue queue, Keeper keeper) {
        this.log = log;
        this.settings = log.settings();
        this.queue = queue;
        this.keeper = keeper;
    }

    /** Whether appends wait. */
    boolean hasMore() {
        if (pending == null) {
            pending = queue.takeAll();
        }
        return pending != null;
    }

    /** Takes all that waits, and lets nothing more in. */
    void close() {
        pending = queue.close();
    }

    /** Moves what fits into the batch, and returns how many bytes it took off the queue. */
    long fill(Batch batch, @Nullable SegmentWriter active) {
        this.batch = batch;
        this.active = active;
        long taken = 0;
        while (pending != null) {
            long more = pending.groupBytes + (long) pending.group * Chunk.HEADER;
            if (!batch.isEmpty() && batch.bound() + more > batchLimit()) {
                break;
            }
            taken += takeGroup();
            var refusal = refusal();
            if (refusal == null) {
                group.forEach(this::register);
                group.forEach(batch::add);
            } else {
                group.forEach(append -> tell(append, refusal));
            }
        }
        return taken;
    }

    long batchLimit() {
        return Math.min(BATCH_TARGET, settings.maxAppendBytes());
    }

    private long takeGroup() {
        group.clear();
        long bytes = pending == null ? 0 : pending.groupBytes;
        int left = pending == null ? 0 : pending.group;
        for (var next = pending; left > 0 && next != null; left--) {
            group.add(next);
            pending = next.next;
            next.next = null;
            next = pending;
        }
        return bytes;
    }

    /** Lets the log know the stream in the same batch as its first record, or in an earlier one. */
    private void register(Append append) {
        var stream = append.stream;
        if (!stream.registered && !stream.batch.registering) {
            stream.batch.registering = true;
            var record = new ControlRecord.Create(stream.id, stream.name());
            batch.add(
                    new ControlAppend(
                            log.controlStream(), record, stream, () -> stream.registered = true));
        }
    }

    private @Nullable LogFailure refusal() {
        if (log.health().isPoisoned()) {
            return LogFailure.of(LogFailure.Kind.POISONED, log.health().poisonedMessage());
        }
        for (var append : group) {
            if (append.stream.dropped) {
                return LogFailure.of(
                        LogFailure.Kind.STREAM_DROPPED,
                        "%s was dropped; create it again".formatted(append.stream));
            }
        }
        return hasRoom() ? null : diskFull("refused until there is room again");
    }

    private boolean isState() {
        return group.stream().allMatch(append -> append.stream.id <= Streams.STATE);
    }

    /** Whether the group at hand may go into the file; what is not state leaves the reserve. */
    private boolean hasRoom() {
        var writer = active;
        if (!keeper.noRoom()) {
            return true;
        }
        long reserve = isState() ? 0 : settings.segmentBytes() / 4;
        long more = group.stream().mapToLong(append -> append.size).sum();
        boolean fits =
                writer != null
                        && writer.room() - batch.bound() - more - group.size() * 256L > reserve;
        if (!fits) {
            log.health().diskFull();
        }
        return fits && (log.status() != LogStatus.DISK_FULL || isState());
    }

    LogFailure diskFull(String detail) {
        return LogFailure.of(
                LogFailure.Kind.DISK_FULL,
                "%s: no space left; %s. Free disk space, or trim streams"
                        .formatted(log.place(), detail));
    }

    static void tell(Append append, LogFailure failure) {
        try {
            append.failed(failure);
        } catch (RuntimeException bug) {
            LOG.log(Level.ERROR, append.stream + ": an append failed to hear of its failure", bug);
        }
    }
}
