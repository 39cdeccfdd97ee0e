// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.spi.ReceiverListener;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Lets events through against credit, until it is shut.
 *
 * <p>Credit is passed on to the connection as demand, so what there is no credit for waits in the
 * network.
 */
final class EventGate {

    private final ReceiverListener listener;

    private long credit;
    private @Nullable EventConnection connection;
    private boolean delivering;
    private @Nullable CompletableFuture<Void> shut;

    EventGate(ReceiverListener listener) {
        this.listener = listener;
    }

    synchronized void grant(int deliveries) {
        credit += deliveries;
        request(deliveries);
    }

    /** From now on, events come over this connection. */
    synchronized void attach(EventConnection opened) {
        connection = opened;
        request(credit);
    }

    synchronized void detach() {
        connection = null;
    }

    private void request(long events) {
        if (connection != null && events > 0) {
            connection.request(events);
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
