// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.ConnectionState;
import dev.lapwing.spi.TransportContext;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The state of the link. When it is lost, the link asks for the server again and again, and is up
 * when every receiver is in force again.
 */
final class Link {

    /** What has to be in force again before the link is up. */
    @FunctionalInterface
    interface Resumable {
        /** Resumes, if that is needed; fails when the server could not be reached. */
        CompletableFuture<Void> resume();
    }

    private final Supplier<CompletableFuture<Void>> probe;
    private final TransportContext context;
    private final Backoff backoff;
    private final Executor executor;
    private final Set<Resumable> receivers = ConcurrentHashMap.newKeySet();

    private boolean down;
    private boolean closed;
    private Instant since = Instant.EPOCH;
    private int failures;

    /** Why it was lost once more during the attempt that is under way; empty if it was not. */
    private Optional<String> lostAgain = Optional.empty();

    /**
     * A link that is up.
     *
     * @param probe asks whether the server is there; fails if not
     */
    Link(
            Supplier<CompletableFuture<Void>> probe,
            TransportContext context,
            Backoff backoff,
            Executor executor) {
        this.probe = probe;
        this.context = context;
        this.backoff = backoff;
        this.executor = executor;
    }

    void add(Resumable receiver) {
        receivers.add(receiver);
    }

    void remove(Resumable receiver) {
        receivers.remove(receiver);
    }

    /** Begins to make the link again, unless that is under way already. */
    synchronized void lost(String reason) {
        if (down) {
            lostAgain = Optional.of(reason);
        } else if (!closed) {
            down = true;
            failures = 0;
            since = context.clock().instant();
            tryLater(reason);
        }
    }

    private synchronized void tryLater(String reason) {
        if (closed) {
            return;
        }
        var pause = backoff.pause(failures++);
        Instant next = context.clock().instant().plus(pause);
        context.state().accept(new ConnectionState.Reconnecting(since, reason, next));
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, executor)
                .execute(this::attempt);
    }

    private void attempt() {
        synchronized (this) {
            if (closed) {
                return;
            }
            lostAgain = Optional.empty();
        }
        probe.get()
                .thenCompose(there -> resumeAll())
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        up();
                    } else {
                        tryLater(ServerClient.reason(failure));
                    }
                });
    }

    private CompletableFuture<Void> resumeAll() {
        return CompletableFuture.allOf(
                receivers.stream().map(Resumable::resume).toArray(CompletableFuture[]::new));
    }

    private synchronized void up() {
        if (lostAgain.isPresent()) {
            tryLater(lostAgain.get());
            return;
        }
        down = false;
        if (!closed) {
            context.state().accept(new ConnectionState.Connected());
        }
    }

    synchronized void close() {
        closed = true;
    }
}
