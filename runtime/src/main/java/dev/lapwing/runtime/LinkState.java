// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.ConnectionState;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * The state of a connection's link, and who wants to hear of it. The transport tells changes from
 * any thread; listeners hear them in order on one virtual thread.
 */
final class LinkState {
    private static final System.Logger LOG = System.getLogger(LinkState.class.getName());

    private final List<Consumer<ConnectionState>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService events =
            Executors.newSingleThreadExecutor(
                    Thread.ofVirtual().name("lapwing-connection-state").factory());
    private volatile ConnectionState current = new ConnectionState.Connecting();

    /** The state now. */
    ConnectionState current() {
        return current;
    }

    /** Hears every change from now on. */
    void listen(Consumer<ConnectionState> listener) {
        listeners.add(listener);
    }

    /** Takes a change; nothing changes after closed. */
    synchronized void change(ConnectionState next) {
        if (current instanceof ConnectionState.Closed || current.equals(next)) {
            return;
        }
        current = next;
        try {
            events.execute(() -> tell(next));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "A change of state after the end: {0}", next);
        }
    }

    /** The transport has connected, unless it has told more since. */
    void connected() {
        if (current instanceof ConnectionState.Connecting) {
            change(new ConnectionState.Connected());
        }
    }

    /** The last change; listeners hear it, and nothing after it. */
    void close(String reason) {
        change(new ConnectionState.Closed(reason));
        events.shutdown();
    }

    private void tell(ConnectionState state) {
        for (Consumer<ConnectionState> listener : listeners) {
            try {
                listener.accept(state);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "A listener of the connection's state failed", e);
            }
        }
    }
}
