// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.spi.ReceiverListener;

import org.jspecify.annotations.Nullable;

import java.net.http.WebSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Lets events through against credit, until it is shut.
 *
 * <p>Credit is passed on to the WebSocket as demand, so what there is no credit for waits in the
 * network. Demand is passed on from another thread and without the lock: the WebSocket may call
 * back from within.
 */
final class EventGate {

    private final ReceiverListener listener;
    private final Executor executor;

    private long credit;
    private @Nullable WebSocket connection;
    private boolean delivering;
    private @Nullable CompletableFuture<Void> shut;

    EventGate(ReceiverListener listener, Executor executor) {
        this.listener = listener;
        this.executor = executor;
    }

    synchronized void grant(int deliveries) {
        credit += deliveries;
        request(deliveries);
    }

    /** From now on, events come over this connection. */
    synchronized void attach(WebSocket opened) {
        connection = opened;
        request(credit);
    }

    synchronized void detach() {
        connection = null;
    }

    private void request(long events) {
        WebSocket asked = connection;
        if (asked != null && events > 0) {
            executor.execute(() -> asked.request(events));
        }
    }

    /** Whether there is credit that no event has used. */
    synchronized boolean hasCredit() {
        return credit > 0;
    }

    /** Hands an event to the listener, unless the gate is shut. */
    void deliver(RemoteReceived event) {
        synchronized (this) {
            credit--;
            if (shut != null) {
                return;
            }
            delivering = true;
        }
        try {
            listener.deliver(List.of(event));
        } finally {
            delivered();
        }
    }

    private void delivered() {
        CompletableFuture<Void> waiting;
        synchronized (this) {
            delivering = false;
            waiting = shut;
        }
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    /** Shuts the gate; completes when no event is on its way through. */
    synchronized CompletableFuture<Void> shut() {
        if (shut == null) {
            shut = new CompletableFuture<>();
            if (!delivering) {
                shut.complete(null);
            }
        }
        return shut;
    }
}
