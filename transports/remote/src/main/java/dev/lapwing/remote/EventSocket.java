// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * One WebSocket of a subscription with its heartbeat: tells its owner what comes and how it ended.
 */
final class EventSocket implements EventConnection.Listener {

    /** Hears of one socket; the methods are called one at a time, but for {@link #broken}. */
    interface Owner {
        void opened(EventSocket socket, EventConnection connection);

        /** Whether events have been asked for that did not come yet. */
        boolean awaitsFrames();

        /** A whole frame. Returns whether it used up credit. */
        boolean frame(String text);

        void closed(EventSocket socket, int code, String reason);

        /** The connection broke; may be told more than once. */
        void broken(EventSocket socket, Throwable failure);
    }

    private final Owner owner;
    private final Duration period;
    private final Executor executor;
    private @Nullable Heartbeat heartbeat;

    EventSocket(Owner owner, Duration period, Executor executor) {
        this.owner = owner;
        this.period = period;
        this.executor = executor;
    }

    @Override
    public void opened(EventConnection connection) {
        var beating =
                new Heartbeat(
                        connection,
                        period,
                        executor,
                        owner::awaitsFrames,
                        failure -> {
                            connection.abort();
                            owner.broken(this, failure);
                        });
        heartbeat = beating;
        owner.opened(this, connection);
        beating.start();
    }

    @Override
    public void heard() {
        if (heartbeat != null) {
            heartbeat.heard();
        }
    }

    /** Nothing more is to be told about this socket. */
    void end() {
        if (heartbeat != null) {
            heartbeat.end();
        }
    }

    @Override
    public boolean text(String text) {
        return owner.frame(text);
    }

    @Override
    public void closed(int code, String reason) {
        owner.closed(this, code, reason);
    }

    @Override
    public void broken(Throwable failure) {
        owner.broken(this, failure);
    }
}
