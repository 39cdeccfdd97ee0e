// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import org.jspecify.annotations.Nullable;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** One WebSocket of a subscription: puts frames together and tells its owner how it ended. */
final class EventSocket implements WebSocket.Listener {

    /** Hears of one socket; the methods are called one at a time, but for {@link #broken}. */
    interface Owner {
        void opened(EventSocket socket, WebSocket connection);

        /** Whether frames have been asked for that did not come yet. */
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
    private final StringBuilder parts = new StringBuilder();
    private @Nullable Heartbeat heartbeat;

    EventSocket(Owner owner, Duration period, Executor executor) {
        this.owner = owner;
        this.period = period;
        this.executor = executor;
    }

    @Override
    public void onOpen(WebSocket connection) {
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

    private void heard() {
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
    public @Nullable CompletionStage<?> onText(
            WebSocket connection, CharSequence data, boolean last) {
        heard();
        if (!last) {
            parts.append(data);
            connection.request(1);
            return null;
        }
        String text = parts.isEmpty() ? data.toString() : parts.append(data).toString();
        parts.setLength(0);
        if (!owner.frame(text)) {
            connection.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(
            WebSocket connection, ByteBuffer data, boolean last) {
        // Events are text in the form that was asked for.
        heard();
        connection.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket connection, ByteBuffer message) {
        heard();
        connection.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket connection, ByteBuffer message) {
        heard();
        connection.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket connection, int code, String reason) {
        owner.closed(this, code, reason);
        return null;
    }

    @Override
    public void onError(WebSocket connection, Throwable failure) {
        owner.broken(this, failure);
    }
}
