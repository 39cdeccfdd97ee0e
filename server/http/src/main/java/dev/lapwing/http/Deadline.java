// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.time.Duration;

/**
 * How long the client of a connection may take for what it is doing. Confined to the event loop.
 */
final class Deadline {
    private enum Phase {
        IDLE,
        HEADER,
        BODY,
        LINGER,
        NONE
    }

    private final ServerTimeouts timeouts;
    private final Worker worker;
    private Phase phase = Phase.IDLE;
    private boolean stuck;
    private long at;

    Deadline(ServerTimeouts timeouts, Worker worker) {
        this.timeouts = timeouts;
        this.worker = worker;
        idle();
    }

    /** Nothing is under way. */
    void idle() {
        set(Phase.IDLE, timeouts.idle());
    }

    /**
     * Bytes of a request are here; if they are its first, its header has to be complete in time.
     */
    void bytesArrive() {
        if (phase == Phase.IDLE) {
            set(Phase.HEADER, timeouts.header());
        }
    }

    /** The header is complete. */
    void body() {
        set(Phase.BODY, timeouts.body());
    }

    /** The last answer is written. */
    void linger() {
        set(Phase.LINGER, timeouts.close());
    }

    /** Whatever happens now is up to the server. */
    void none() {
        phase = Phase.NONE;
    }

    /** The client reads its answers, or does not. */
    void writable(boolean writable) {
        stuck = !writable;
        if (phase != Phase.NONE && (phase == Phase.IDLE || stuck)) {
            at = worker.now() + timeouts.idle().toNanos();
        }
    }

    private void set(Phase next, Duration time) {
        phase = next;
        at = worker.now() + time.toNanos();
    }

    /** Whether a request is being read. */
    boolean isReading() {
        return phase == Phase.HEADER || phase == Phase.BODY;
    }

    /** Whether the client took too long. */
    boolean isOver(long now, boolean nothingToAnswer) {
        if (phase == Phase.IDLE && !nothingToAnswer && !stuck) {
            at = now + timeouts.idle().toNanos();
            return false;
        }
        return phase != Phase.NONE && now - at > 0;
    }

    /** What to tell a client that was too slow with its request. */
    Problem problem() {
        boolean header = phase == Phase.HEADER;
        return Problem.of(
                408,
                "request-timeout",
                "The request came too slowly",
                "The %s did not arrive within %s"
                        .formatted(
                                header ? "header" : "body",
                                header ? timeouts.header() : timeouts.body()));
    }
}
