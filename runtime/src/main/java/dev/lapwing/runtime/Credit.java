// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.spi.Receiver;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * How many deliveries a receiver may still hand over. Credit comes back when a delivery is done
 * with, and is granted anew in batches. Safe for use by many threads; holds its own lock only to
 * count, never while it calls.
 *
 * <p>Deliveries that wait for their next attempt, or behind one that does, do not use up the
 * prefetch: as many again are granted in their place, once the prefetch over. So there are never
 * more than twice the prefetch here.
 */
final class Credit {
    private final int prefetch;
    private final int step;
    private final IntSupplier parked;
    private final BooleanSupplier blocked;

    /** Granted and not done with: under way to us, or here. */
    private final AtomicLong out = new AtomicLong();

    private @Nullable Receiver receiver;
    private boolean paused;
    private boolean stopped;
    private long granted;
    private long allowed;

    /**
     * Credit of a subscription.
     *
     * @param parked how many deliveries wait for their next attempt, or behind one that does
     * @param blocked whether nothing may be granted now
     */
    Credit(SubscriptionSettings settings, IntSupplier parked, BooleanSupplier blocked) {
        prefetch = settings.prefetch();
        step =
                Math.max(
                        1,
                        Math.min(
                                settings.prefetch() / 4,
                                settings.prefetch() - settings.concurrency()));
        this.parked = parked;
        this.blocked = blocked;
    }

    /** Begins to grant: in all no more than allowed. */
    void start(Receiver source, long allowance) {
        synchronized (this) {
            receiver = source;
            allowed = allowance;
        }
        topUp();
    }

    /** Allows more in all, for a subscriber that asks for what it takes. */
    void allow(long more) {
        synchronized (this) {
            allowed = allowed + more < 0 ? Long.MAX_VALUE : allowed + more;
        }
        topUp();
    }

    /** Takes back the credit of deliveries that are done with. */
    void release(int deliveries) {
        if (room(out.addAndGet(-deliveries)) >= step) {
            topUp();
        }
    }

    /** How many deliveries could be granted, given what is out. */
    private long room(long outstanding) {
        return prefetch + Math.min(parked.getAsInt(), prefetch) - outstanding;
    }

    /** Grants what there is room for, if it is worth a call. */
    void topUp() {
        Receiver source;
        long more;
        synchronized (this) {
            source = receiver;
            long room = room(out.get());
            more = Math.min(room, allowed - granted);
            if (source == null
                    || paused
                    || stopped
                    || more <= 0
                    || (more < step && more == room)
                    || blocked.getAsBoolean()) {
                return;
            }
            granted += more;
            out.addAndGet(more);
        }
        source.grant((int) more);
    }

    void pause() {
        synchronized (this) {
            paused = true;
        }
    }

    void resume() {
        synchronized (this) {
            paused = false;
        }
        topUp();
    }

    /** Grants nothing more. */
    synchronized void stop() {
        stopped = true;
    }
}
