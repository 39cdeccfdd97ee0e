// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import org.jspecify.annotations.Nullable;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** One WebSocket of a subscription: puts frames together and tells its owner how it ended. */
final class EventSocket implements WebSocket.Listener {

    /** Hears of one socket; the methods are called one at a time. */
    interface Owner {
        void opened(EventSocket socket, WebSocket connection);

        /** A whole frame. Returns whether it used up credit. */
        boolean frame(String text);

        void closed(EventSocket socket, int code, String reason);

        void broken(EventSocket socket, Throwable failure);
    }

    private final Owner owner;
    private final StringBuilder parts = new StringBuilder();

    EventSocket(Owner owner) {
        this.owner = owner;
    }

    @Override
    public void onOpen(WebSocket connection) {
        owner.opened(this, connection);
    }

    @Override
    public @Nullable CompletionStage<?> onText(
            WebSocket connection, CharSequence data, boolean last) {
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
