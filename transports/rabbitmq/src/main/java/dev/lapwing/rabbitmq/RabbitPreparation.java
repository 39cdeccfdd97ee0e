// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.LapwingException;
import dev.lapwing.TopicConflictException;

import java.util.ArrayList;
import java.util.List;

/**
 * A topic whose queue is made before its first message is sent. Messages wait here in their order,
 * while a thread of its own asks the broker: a publisher never waits for that.
 */
final class RabbitPreparation {
    private final Runnable work;

    /** Bounded by what connections let be in flight: the runtime counts what has no result. */
    private List<Batch> waiting = new ArrayList<>();

    private boolean begun;
    private volatile boolean done;

    private record Batch(List<RabbitOutgoing> messages, RabbitLane lane) {}

    RabbitPreparation(Runnable work) {
        this.work = work;
    }

    /** Takes messages that have to wait, to send them on a lane; false if nothing has to wait. */
    boolean takes(List<RabbitOutgoing> messages, RabbitLane lane) {
        if (done) {
            return false;
        }
        synchronized (this) {
            if (done) {
                return false;
            }
            waiting.add(new Batch(messages, lane));
            if (!begun) {
                begun = true;
                Thread.ofVirtual().start(this::run);
            }
            return true;
        }
    }

    boolean isDone() {
        return done;
    }

    private void run() {
        try {
            work.run();
            for (List<Batch> next = next(); !next.isEmpty(); next = next()) {
                next.forEach(batch -> batch.lane().send(batch.messages()));
            }
        } catch (LapwingException e) {
            boolean isFinal =
                    e instanceof AccessDeniedException || e instanceof TopicConflictException;
            for (List<Batch> next = next(); !next.isEmpty(); next = next()) {
                next.forEach(batch ->
                        batch.messages().forEach(each -> each.refused(e.getMessage(), !isFinal)));
            }
        }
    }

    private synchronized List<Batch> next() {
        List<Batch> next = waiting;
        waiting = new ArrayList<>();
        done = next.isEmpty();
        return next;
    }
}
