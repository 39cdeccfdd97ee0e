// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.gateway;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.ConnectionState;
import dev.lapwing.Lapwing;
import dev.lapwing.Message;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.PublishResult.Stored;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the endpoints of a server share: the way in with its limits, the way out, and the state of
 * what lies behind. Knows nothing of sockets. Safe for use by many threads.
 */
public final class Gateway {
    private final Lapwing lapwing;
    private final int maxMessages;
    private final long maxBytes;
    private final Tails tails;
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * A gateway to what it is given; closes nothing of it.
     *
     * @param maxMessages how many publishes may be in flight, from 1 up
     * @param maxBytes how many payload bytes may be in flight, from 1 up; one publish is always let
     *     through
     */
    public Gateway(Lapwing lapwing, int maxMessages, long maxBytes) {
        this.lapwing = lapwing;
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
        this.tails = new Tails(lapwing);
    }

    /**
     * Publishes without waiting; past the limits it refuses instead of queueing, so that those who
     * are served are served in time.
     *
     * @return fails as {@link Lapwing#publishAsync} does
     * @throws PublishRefusedException if too much is in flight; it may be tried again
     * @throws dev.lapwing.LapwingException as {@link Lapwing#publishAsync} does
     */
    public CompletableFuture<Stored> publish(Message message) {
        int size = message.payload().length;
        enter(size);
        CompletableFuture<Stored> result;
        try {
            result = lapwing.publishAsync(message);
        } catch (RuntimeException e) {
            leave(size);
            throw e;
        }
        return result.whenComplete((stored, error) -> leave(size));
    }

    private void enter(int size) {
        int ahead = messages.getAndIncrement();
        long bytesAhead = bytes.getAndAdd(size);
        if (ahead >= maxMessages || (ahead > 0 && bytesAhead + size > maxBytes)) {
            leave(size);
            throw new PublishRefusedException(
                    ("%d publishes with %d bytes wait for the disk; the limits are %d and %d."
                                    + " Send again in a moment")
                            .formatted(ahead, bytesAhead, maxMessages, maxBytes),
                    true);
        }
    }

    private void leave(int size) {
        messages.decrementAndGet();
        bytes.addAndGet(-size);
    }

    /** How many publishes are in flight. */
    public int publishesInFlight() {
        return messages.get();
    }

    /** The way out. */
    public Tails tails() {
        return tails;
    }

    /**
     * Topics and groups.
     *
     * @throws dev.lapwing.UnsupportedCapabilityException if the transport cannot tell
     */
    public Administration administration() {
        return lapwing.administration();
    }

    /** What can be done with what lies behind. */
    public Capabilities capabilities() {
        return lapwing.capabilities();
    }

    /** The state of the link to what lies behind. */
    public ConnectionState state() {
        return lapwing.state();
    }
}
