// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;

/** Many publishes that one thread waits for. */
final class BatchPublish {
    private static final int LARGEST_SEND = 1024;

    private final PublishPipeline pipeline;
    private final InFlight inFlight;
    private final List<Message> messages;
    private final AtomicReferenceArray<PublishResult> results;
    private final AtomicInteger open;
    private final Thread waiter = Thread.currentThread();

    /** The batch of the calling thread; its messages are checked. */
    BatchPublish(PublishPipeline pipeline, InFlight inFlight, List<Message> messages) {
        this.pipeline = pipeline;
        this.inFlight = inFlight;
        this.messages = messages;
        results = new AtomicReferenceArray<>(messages.size());
        open = new AtomicInteger(messages.size());
    }

    /** Sends everything and waits; the results are in the order of the messages. */
    List<PublishResult> run() {
        int sent = 0;
        try {
            while (sent < messages.size()) {
                sent += sendSome(sent);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            endFrom(sent, new PublishResult.Refused("not sent: the thread was interrupted", true));
        }
        await();
        var all = new ArrayList<PublishResult>(messages.size());
        for (int at = 0; at < messages.size(); at++) {
            all.add(results.get(at));
        }
        return all;
    }

    /** Sends as many as there is room for, at least one; returns how many have been dealt with. */
    private int sendSome(int from) throws InterruptedException {
        if (!inFlight.enter(size(from), pipeline.timeoutNanos())) {
            endFrom(from, pipeline.noRoom());
            return messages.size() - from;
        }
        long deadline = pipeline.deadline();
        var requests = new ArrayList<Part>();
        int at = from;
        do {
            requests.add(new Part(at++, deadline));
        } while (at < messages.size()
                && requests.size() < LARGEST_SEND
                && inFlight.tryEnter(size(at)));
        pipeline.send(requests);
        return requests.size();
    }

    private int size(int at) {
        return messages.get(at).payload().length;
    }

    private void endFrom(int from, PublishResult result) {
        for (int at = from; at < messages.size(); at++) {
            end(at, result);
        }
    }

    private void end(int at, PublishResult result) {
        if (results.compareAndSet(at, null, result) && open.decrementAndGet() == 0) {
            LockSupport.unpark(waiter);
        }
    }

    private void await() {
        long deadline = pipeline.deadline();
        while (open.get() > 0) {
            long left = deadline - pipeline.now();
            if (left <= 0) {
                endFrom(0, pipeline.noConfirmation());
            } else if (Thread.currentThread().isInterrupted()) {
                endFrom(0, new PublishResult.Unknown("the thread was interrupted while it waited"));
            } else {
                pipeline.park(this, left);
            }
        }
    }

    /** One message of the batch. */
    private final class Part extends AtomicBoolean implements Publication {
        private static final long serialVersionUID = 1L;

        private final int at;
        private final long deadline;

        Part(int at, long deadline) {
            this.at = at;
            this.deadline = deadline;
        }

        @Override
        public Message message() {
            return messages.get(at);
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
        public void end(PublishResult result) {
            BatchPublish.this.end(at, result);
        }

        @Override
        public boolean hasEnded() {
            return endOrNull() != null;
        }

        private @Nullable PublishResult endOrNull() {
            return results.get(at);
        }

        @Override
        public boolean leave(InFlight within) {
            return compareAndSet(false, true);
        }
    }
}
