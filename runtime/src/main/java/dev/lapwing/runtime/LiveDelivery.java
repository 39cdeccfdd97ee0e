// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Delivery;
import dev.lapwing.Message;
import dev.lapwing.Outcome;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Settlement;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * One attempt at one message: from the moment the transport handed it over, or it was tried again
 * in this process, until its outcome is decided. The next attempt is a new object, so that whoever
 * kept this one can not settle the next.
 *
 * <p>The outcome is set once, by whoever comes first: a handler's return, a call of settle, or the
 * loss. The links to neighbours belong to the parts of the loop that are named at each.
 */
final class LiveDelivery implements Delivery {
    private static final VarHandle OUTCOME;

    /** The outcome of a delivery that the broker took back; no user can set it. */
    private static final Object LOST = new Object();

    static {
        try {
            OUTCOME =
                    MethodHandles.lookup()
                            .findVarHandle(LiveDelivery.class, "outcome", Object.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Disposition disposition;
    private final Received received;
    private final int attempt;
    private volatile @Nullable Object outcome;
    private volatile @Nullable Thread runner;

    /** Whether its credit is given back already, before it has an outcome. */
    boolean released;

    /** {@link Lanes}: the lane of its key, once it holds a place there. */
    Lanes.@Nullable Lane lane;

    /** {@link OpenDeliveries}: the neighbours, and since when the lease runs. */
    @Nullable LiveDelivery older;

    @Nullable LiveDelivery newer;
    long leasedAt;
    boolean registered;

    /** {@link Settler}: what to settle as, the one gathered before, and how many with that. */
    @Nullable Settlement settlement;

    @Nullable LiveDelivery gathered;
    int gatheredCount;

    /** {@link FloorTracker}: its entry. */
    FloorTracker.@Nullable Entry floor;

    LiveDelivery(Disposition disposition, Received received, int attempt, long leasedAt) {
        this.disposition = disposition;
        this.received = received;
        this.attempt = attempt;
        this.leasedAt = leasedAt;
    }

    Disposition disposition() {
        return disposition;
    }

    Received received() {
        return received;
    }

    @Override
    public Message message() {
        return received.message();
    }

    @Override
    public Optional<Position> position() {
        return received.position();
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean isOpen() {
        return outcome == null;
    }

    @Override
    public boolean settle(Outcome decided) {
        boolean first = decide(decided);
        if (first) {
            disposition.settledByUser(this);
        } else if (isLost()) {
            disposition.settledTooLate();
        }
        return first;
    }

    /** Sets the outcome; false if it was set before, or lost. */
    boolean decide(Outcome decided) {
        java.util.Objects.requireNonNull(decided, "outcome");
        return OUTCOME.compareAndSet(this, null, decided);
    }

    /** The outcome; null while open and when lost. */
    @Nullable Outcome outcome() {
        return outcome instanceof Outcome decided ? decided : null;
    }

    boolean isLost() {
        return outcome == LOST;
    }

    /** Notes that this thread works on it, to be interrupted when it is lost; false if it is. */
    boolean begin(Thread thread) {
        runner = thread;
        if (outcome == null) {
            return true;
        }
        // Who was lost before is interrupted after: by then the thread may be at the next one.
        finish();
        return false;
    }

    /**
     * Ends what {@link #begin} began: when this returns, no interrupt for this delivery is under
     * way. Clears the interrupt flag, whoever set it.
     */
    void finish() {
        if (isLost()) {
            synchronized (this) {
                runner = null;
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            Thread.interrupted();
        }
    }

    /** The broker took it back; true if it had no outcome. Nobody begins it any more. */
    boolean lose() {
        return OUTCOME.compareAndSet(this, null, LOST);
    }

    /** Interrupts who works on it, after it was lost. */
    void interrupt() {
        synchronized (this) {
            Thread working = runner;
            if (working != null) {
                working.interrupt();
            }
        }
    }

    /** The same message for another attempt. */
    LiveDelivery again(int next) {
        var retry = new LiveDelivery(disposition, received, next, leasedAt);
        retry.lane = lane;
        retry.floor = floor;
        retry.released = released;
        return retry;
    }

    @Override
    public String toString() {
        return "Delivery[%s at %s, attempt %d]"
                .formatted(
                        received.message(),
                        received.position().map(Position::token).orElse("?"),
                        attempt);
    }
}
