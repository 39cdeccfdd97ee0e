// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.ClosedException;
import dev.lapwing.LapwingException;
import dev.lapwing.log.Admission;
import dev.lapwing.log.Append;
import dev.lapwing.log.Log;
import dev.lapwing.log.LogFailure;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Appends state records, and applies each to the {@link EngineState} when it is durable. What the
 * log cannot take for now (the disk is full, or too much waits) is offered again until it is taken.
 */
final class StateLog {
    private static final long RETRY_MILLIS = 50;

    private final Log log;
    private final EngineState state;
    private final EngineClock clock;
    private final Timer.Alarm retry;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Change> waiting = new ArrayDeque<>();

    StateLog(Log log, EngineState state, EngineClock clock, Timer timer) {
        this.log = log;
        this.state = state;
        this.clock = clock;
        this.retry = timer.alarm(this::offerAgain);
    }

    /** One state record on its way into the log. */
    final class Change extends Append {
        private final StateRecord change;
        private final byte[] bytes;
        private final CompletableFuture<Void> done;
        private final boolean insistent;

        Change(StateRecord change, byte[] bytes, CompletableFuture<Void> done, boolean insistent) {
            super(log.state());
            this.change = change;
            this.bytes = bytes;
            this.done = done;
            this.insistent = insistent;
        }

        private Change again() {
            return new Change(change, bytes, done, insistent);
        }

        @Override
        protected int encodedSize() {
            return bytes.length;
        }

        @Override
        protected void encodeTo(ByteBuffer target) {
            target.put(bytes);
        }

        @Override
        protected void stored(long position) {
            state.apply(change);
            done.complete(null);
        }

        @Override
        protected void failed(LogFailure failure) {
            if (insistent && failure.kind() == LogFailure.Kind.DISK_FULL) {
                later(again());
            } else {
                done.completeExceptionally(new LapwingException(failure.message()));
            }
        }
    }

    /**
     * Appends a record.
     *
     * @return completes, on the log's writer thread, when it is durable and applied; fails when the
     *     log takes nothing any more
     */
    CompletableFuture<Void> append(StateRecord change) {
        var done = new CompletableFuture<Void>();
        offer(new Change(change, StateCodec.encode(change), done, true));
        return done;
    }

    /** A record to be appended together with others; who appends it minds what is refused. */
    Change change(StateRecord change, CompletableFuture<Void> done) {
        return new Change(change, StateCodec.encode(change), done, false);
    }

    /**
     * Waits until changes are durable.
     *
     * @param what what is being changed, to begin a sentence: "Group 'billing'"
     * @throws LapwingException if they cannot be stored
     */
    static void await(String what, CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            throw new LapwingException(
                    "%s cannot be stored: %s".formatted(what, e.getCause()), e.getCause());
        }
    }

    private void offer(Change change) {
        Admission admission = log.append(change);
        switch (admission) {
            case ACCEPTED -> {}
            case BACKLOG_FULL, DISK_FULL -> later(change.again());
            case POISONED, CLOSED -> change.done.completeExceptionally(refusal(admission));
        }
    }

    private static LapwingException refusal(Admission admission) {
        return admission == Admission.CLOSED
                ? new ClosedException("The log is closed")
                : new LapwingException(Refusals.POISONED);
    }

    private void later(Change change) {
        lock.lock();
        try {
            waiting.add(change);
        } finally {
            lock.unlock();
        }
        retry.at(clock.now() + RETRY_MILLIS);
    }

    private void offerAgain() {
        Queue<Change> changes;
        lock.lock();
        try {
            changes = new ArrayDeque<>(waiting);
            waiting.clear();
        } finally {
            lock.unlock();
        }
        changes.forEach(this::offer);
    }
}
