// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.ConnectionState;
import dev.lapwing.spi.TransportContext;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/** Whether a link is up, and what the program was told of it. Safe for use by many threads. */
final class NatsState {

    private final TransportContext context;

    /** Counts the links that broke: what was in force before the last break is gone. */
    private volatile long breaks;

    private volatile boolean up;
    private volatile boolean closing;
    private ConnectionState.@Nullable Reconnecting down;

    /** A link that is being made for the first time. */
    NatsState(TransportContext context) {
        this.context = context;
        context.state().accept(new ConnectionState.Connecting());
    }

    /** How many links broke so far: what was sent before the last break may be lost. */
    long breaks() {
        return breaks;
    }

    boolean isUp() {
        return up;
    }

    /** Whether the program closes it, or has. */
    boolean isClosing() {
        return closing;
    }

    /** What time it is. */
    Instant now() {
        return context.clock().instant();
    }

    synchronized void connected() {
        up = true;
        context.state().accept(new ConnectionState.Connected());
    }

    /** The link broke, maybe once more. */
    synchronized void broken(String reason) {
        breaks++;
        up = false;
        if (down == null) {
            down = new ConnectionState.Reconnecting(now(), reason, now());
            context.state().accept(down);
        }
    }

    /** Another attempt will be made after this pause. */
    synchronized void pausing(Duration pause, String reason) {
        if (down != null && !up) {
            down = new ConnectionState.Reconnecting(down.since(), reason, now().plus(pause));
            context.state().accept(down);
        }
    }

    /**
     * Everything is in force again.
     *
     * @param seen how many breaks there were when that began
     * @return whether no other break has come in between
     */
    synchronized boolean restored(long seen) {
        if (breaks != seen || closing) {
            return false;
        }
        down = null;
        connected();
        return true;
    }

    /** It ended by itself, for good. */
    void ended(String reason) {
        up = false;
        context.state().accept(new ConnectionState.Closed(reason));
    }

    /** The program begins to close it; false if it did before. */
    synchronized boolean beginClosing() {
        if (closing) {
            return false;
        }
        closing = true;
        up = false;
        return true;
    }

    void closed() {
        context.state().accept(new ConnectionState.Closed("closed by the program"));
    }
}
