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
    private final RabbitLanes lanes;
    private final int lane;
    private List<RabbitOutgoing> waiting = new ArrayList<>();
    private boolean begun;
    private volatile boolean done;

    RabbitPreparation(Runnable work, RabbitLanes lanes, int lane) {
        this.work = work;
        this.lanes = lanes;
        this.lane = lane;
    }

    /** Takes messages that have to wait; false if nothing has to wait any more. */
    boolean takes(List<RabbitOutgoing> batch) {
        if (done) {
            return false;
        }
        synchronized (this) {
            if (done) {
                return false;
            }
            waiting.addAll(batch);
            if (!begun) {
                begun = true;
                Thread.ofVirtual().start(this::run);
            }
            return true;
        }
    }

    private void run() {
        try {
            work.run();
            for (List<RabbitOutgoing> next = next(); !next.isEmpty(); next = next()) {
                lanes.send(lane, next);
            }
        } catch (LapwingException e) {
            boolean isFinal =
                    e instanceof AccessDeniedException || e instanceof TopicConflictException;
            for (List<RabbitOutgoing> next = next(); !next.isEmpty(); next = next()) {
                next.forEach(each -> each.refused(e.getMessage(), !isFinal));
            }
        }
    }

    private synchronized List<RabbitOutgoing> next() {
        List<RabbitOutgoing> next = waiting;
        waiting = new ArrayList<>();
        done = next.isEmpty();
        return next;
    }
}
