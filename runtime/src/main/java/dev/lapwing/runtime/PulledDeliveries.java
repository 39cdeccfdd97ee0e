// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Delivery;
import dev.lapwing.DeliveryStream;
import dev.lapwing.LapwingException;
import dev.lapwing.Outcome;
import dev.lapwing.Subscription;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** A blocking stream over a loop: the thread that iterates takes the deliveries by itself. */
final class PulledDeliveries implements DeliveryStream, Consumption {
    private final Lanes lanes;
    private final DeliveryIterator iterator = new DeliveryIterator();
    private volatile @Nullable DeliveryLoop loop;
    private volatile @Nullable LapwingException cause;
    private @Nullable LiveDelivery current;

    PulledDeliveries(Lanes lanes) {
        this.lanes = lanes;
    }

    /** Binds the loop that this consumes; before anything is taken. */
    PulledDeliveries over(DeliveryLoop started) {
        loop = started;
        return this;
    }

    @Override
    public Iterator<Delivery> iterator() {
        return iterator;
    }

    @Override
    public Optional<Delivery> next(Duration timeout) {
        LiveDelivery peeked = iterator.peeked;
        iterator.peeked = null;
        return Optional.ofNullable(peeked != null ? peeked : take(Timers.nanos(timeout)));
    }

    private @Nullable LiveDelivery take(long nanos) {
        LiveDelivery before = current;
        if (before != null) {
            before.accept();
        }
        current = null;
        long deadline = System.nanoTime() + nanos;
        try {
            LiveDelivery next = lanes.take(nanos);
            while (next != null && isNotForUs(next)) {
                next = lanes.take(deadline - System.nanoTime());
            }
            current = next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted while it waited for the next delivery", e);
        }
        LapwingException failure = cause;
        if (current == null && failure != null) {
            throw failure;
        }
        return current;
    }

    private boolean isNotForUs(LiveDelivery delivery) {
        if (!delivery.isOpen()) {
            delivery.disposition().carryOut(delivery);
            return true;
        }
        Outcome unseen = delivery.disposition().unseen(delivery);
        return unseen != null && delivery.settle(unseen);
    }

    @Override
    public Subscription subscription() {
        DeliveryLoop started = loop;
        if (started == null) {
            throw new IllegalStateException("the stream has no subscription yet");
        }
        return started;
    }

    @Override
    public void close() {
        subscription().drain(Duration.ZERO);
    }

    @Override
    public void work(int more) {
        // The thread that iterates is woken by the lanes.
    }

    @Override
    public boolean settlesAtOnce() {
        return true;
    }

    @Override
    public boolean runs(Thread thread) {
        return false;
    }

    @Override
    public void ended(@Nullable LapwingException reason) {
        cause = reason;
    }

    /** The one iterator. */
    private final class DeliveryIterator implements Iterator<Delivery> {
        private @Nullable LiveDelivery peeked;

        @Override
        public boolean hasNext() {
            if (peeked == null) {
                peeked = take(Timers.FOR_EVER);
            }
            return peeked != null;
        }

        @Override
        public Delivery next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the stream is closed");
            }
            LiveDelivery next = java.util.Objects.requireNonNull(peeked);
            peeked = null;
            return next;
        }
    }
}
