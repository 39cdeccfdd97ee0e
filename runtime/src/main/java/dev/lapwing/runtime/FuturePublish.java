// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;

/**
 * One publish that nobody waits for: request, link in the list of finished ones, and the user's
 * future, all in one object. The transport's thread only hangs it into that list; the connection's
 * completion thread completes the future. Only a send that ends before the call of the publisher
 * does is completed in place: nobody has the future yet, so that nothing can depend on it.
 */
final class FuturePublish extends CompletableFuture<PublishResult.Stored> implements Publication {
    private static final VarHandle RESULT;

    static {
        try {
            RESULT =
                    MethodHandles.lookup()
                            .findVarHandle(FuturePublish.class, "result", PublishResult.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PublishPipeline pipeline;
    private final Message message;
    private final long deadline;
    private volatile @Nullable PublishResult result;
    private int place = -1;

    /**
     * Who is in the call that publishes; null when it is over. Other threads may see either, and
     * neither is them.
     */
    private @Nullable Thread publisher = Thread.currentThread();

    /** The one before in the list of finished ones; used by {@link Completions} alone. */
    @Nullable FuturePublish next;

    FuturePublish(PublishPipeline pipeline, Message message, long deadline) {
        this.pipeline = pipeline;
        this.message = message;
        this.deadline = deadline;
    }

    /** Notes that it has entered what is in flight; before it is sent. */
    FuturePublish entered(InFlight inFlight) {
        place = inFlight.put(this);
        return this;
    }

    /** The call that publishes is over: from now on others may depend on the future. */
    FuturePublish handedOver() {
        publisher = null;
        return this;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public void complete(PublishResult told) {
        pipeline.told(this, told);
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void end(PublishResult end) {
        if (RESULT.compareAndSet(this, null, end)) {
            if (publisher == Thread.currentThread()) {
                tell();
            } else {
                pipeline.completions().add(this);
            }
        }
    }

    @Override
    public boolean hasEnded() {
        return result != null;
    }

    @Override
    public boolean leave(InFlight inFlight) {
        return inFlight.remove(place, this);
    }

    /** Completes the future; runs whatever depends on it. */
    void tell() {
        PublishResult end = result;
        if (end instanceof PublishResult.Stored stored) {
            complete(stored);
        } else if (end != null) {
            completeExceptionally(pipeline.error(message, end));
        }
    }
}
