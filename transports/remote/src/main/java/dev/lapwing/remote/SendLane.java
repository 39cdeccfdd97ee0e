// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Sends what is handed to it in order, one request at a time: what queues up while a request is
 * under way makes up the next one. Its queue is bounded by what the runtime lets be in flight.
 */
final class SendLane {

    private static final PublishResult CLOSED =
            new PublishResult.Unknown("the connection was closed before the server confirmed it");
    private static final int MAX_MESSAGES = 1_000;
    private static final int MAX_BYTES = 256 * 1024;

    private final Queue<SendRequest> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Publishing publishing;
    private final Executor executor;
    private volatile boolean closed;

    SendLane(Publishing publishing, Executor executor) {
        this.publishing = publishing;
        this.executor = executor;
    }

    /** Adds a request; {@link #run} sends it. */
    void add(SendRequest request) {
        waiting.add(request);
    }

    /** Begins to send what waits, unless that is under way already. */
    void run() {
        if (!waiting.isEmpty() && busy.compareAndSet(false, true)) {
            executor.execute(this::sendNext);
        }
    }

    /** From now on, nothing is sent any more. */
    void close() {
        closed = true;
        run();
    }

    private void sendNext() {
        List<SendRequest> batch = next();
        if (batch.isEmpty()) {
            busy.set(false);
            // Something may have come between the last look and this line.
            run();
            return;
        }
        List<Message> messages = batch.stream().map(SendRequest::message).toList();
        send(messages)
                .whenCompleteAsync(
                        (results, failure) -> {
                            complete(batch, results);
                            sendNext();
                        },
                        executor);
    }

    private CompletableFuture<List<PublishResult>> send(List<Message> messages) {
        return closed
                ? CompletableFuture.completedFuture(Collections.nCopies(messages.size(), CLOSED))
                : publishing.publish(messages);
    }

    private List<SendRequest> next() {
        var batch = new ArrayList<SendRequest>();
        long bytes = 0;
        for (SendRequest head = waiting.peek(); head != null; head = waiting.peek()) {
            bytes += head.message().payload().length;
            if (!batch.isEmpty() && (bytes > MAX_BYTES || batch.size() == MAX_MESSAGES)) {
                break;
            }
            batch.add(waiting.remove());
        }
        return batch;
    }

    private static void complete(List<SendRequest> batch, List<PublishResult> results) {
        for (int at = 0; at < batch.size(); at++) {
            batch.get(at).complete(results.get(at));
        }
    }
}
