// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A publish of the runtime itself, whose end is told on the transport's thread. */
final class CopyPublish implements Publication {
    private final PublishPipeline pipeline;
    private final Message message;
    private final long deadline;
    private final Consumer<PublishResult> ended;
    private final AtomicBoolean left = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();

    /** The consumer returns at once. */
    CopyPublish(
            PublishPipeline pipeline,
            Message message,
            long deadline,
            Consumer<PublishResult> ended) {
        this.pipeline = pipeline;
        this.message = message;
        this.deadline = deadline;
        this.ended = ended;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public void complete(PublishResult result) {
        pipeline.told(this, result);
    }

    @Override
    public long deadline() {
        return deadline;
    }

    @Override
    public void end(PublishResult result) {
        if (told.compareAndSet(false, true)) {
            ended.accept(result);
        }
    }

    @Override
    public boolean hasEnded() {
        return told.get();
    }

    @Override
    public boolean leave(InFlight inFlight) {
        return left.compareAndSet(false, true);
    }
}
