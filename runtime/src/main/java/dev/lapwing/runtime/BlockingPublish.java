// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * One publish that a thread waits for. Request and waiter are one object, and the thread parks
 * without a time: the pipeline's look at what takes too long ends it, so that no message costs a
 * timer.
 */
final class BlockingPublish implements Publication {
    private static final VarHandle RESULT;

    static {
        try {
            RESULT =
                    MethodHandles.lookup()
                            .findVarHandle(BlockingPublish.class, "result", PublishResult.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final PublishPipeline pipeline;
    private final Message message;
    private final long deadline;
    private final Thread waiter = Thread.currentThread();
    private volatile @Nullable PublishResult result;
    private final int place;

    /** A publish of the calling thread, which has entered what is in flight. */
    BlockingPublish(PublishPipeline pipeline, InFlight inFlight, Message message, long deadline) {
        this.pipeline = pipeline;
        this.message = message;
        this.deadline = deadline;
        place = inFlight.put(this);
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
            LockSupport.unpark(waiter);
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

    /** Waits for the end. An interrupt ends it as unknown, and stays set. */
    PublishResult await() {
        PublishResult end = result;
        while (end == null) {
            LockSupport.park(this);
            end = result;
            if (end == null && Thread.currentThread().isInterrupted()) {
                end(new PublishResult.Unknown("the thread was interrupted while it waited"));
                end = result;
            }
        }
        return end;
    }
}
