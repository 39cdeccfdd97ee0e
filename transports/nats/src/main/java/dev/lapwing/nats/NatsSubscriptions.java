// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

import io.nats.client.Dispatcher;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/** How subscriptions of a link begin and end. Safe for use by many threads. */
final class NatsSubscriptions {
    private static final System.Logger LOG = System.getLogger(NatsSubscriptions.class.getName());

    private final NatsLink link;
    private final ReentrantLock draining = new ReentrantLock();

    NatsSubscriptions(NatsLink link) {
        this.link = link;
    }

    /**
     * Subscribes, and waits until that is in force.
     *
     * @throws LapwingException if it is not permitted, or the link broke
     */
    void subscribe(Dispatcher dispatcher, String subject, Runnable subscribing) {
        long begun = System.nanoTime();
        try {
            subscribing.run();
            link.flush();
            for (NatsErrorListener.Denied each : link.deniedSince(begun)) {
                if (!each.publish() && each.subject().equals(subject)) {
                    throw NatsLink.notPermitted(subject, each.text());
                }
            }
        } catch (LapwingException e) {
            close(dispatcher);
            throw e;
        }
    }

    /**
     * Ends subscriptions at the server, and then lets all that it had sent be handled; waits for
     * that. One at a time begins, as the client sends a ping for each.
     */
    void drain(Dispatcher dispatcher, Duration patience) {
        try {
            CompletableFuture<Boolean> drained;
            draining.lockInterruptibly();
            try {
                drained = dispatcher.drain(patience);
            } finally {
                draining.unlock();
            }
            var unused = drained.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | IllegalStateException linkIsDown) {
            close(dispatcher);
        }
    }

    /** Ends subscriptions; does nothing if they have ended. */
    void close(Dispatcher dispatcher) {
        try {
            link.connection().closeDispatcher(dispatcher);
        } catch (IllegalStateException | IllegalArgumentException closedAlready) {
            LOG.log(Level.DEBUG, "A subscription has ended already", closedAlready);
        }
    }
}
