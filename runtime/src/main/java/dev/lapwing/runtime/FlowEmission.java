// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Delivery;
import dev.lapwing.LapwingException;
import dev.lapwing.Outcome;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One reactive subscriber and its loop. All signals but the first come from one virtual thread, so
 * that they never overlap and a request from inside of one never recurses. What the subscriber asks
 * for is what the receiver is granted. Follows the rules of Reactive Streams 1.0.4; the numbers in
 * its errors are theirs.
 */
final class FlowEmission implements Flow.Subscription, Consumption {
    private static final System.Logger LOG = System.getLogger(FlowEmission.class.getName());

    private final Lanes lanes;
    private final Flow.Subscriber<? super Delivery> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private final Thread emitter = Thread.ofVirtual().name("lapwing-flow").unstarted(this::emit);
    private volatile @Nullable DeliveryLoop loop;
    private volatile @Nullable Throwable failure;
    private volatile boolean ended;
    private volatile boolean cancelled;

    FlowEmission(Lanes lanes, Flow.Subscriber<? super Delivery> subscriber) {
        this.lanes = lanes;
        this.subscriber = subscriber;
    }

    /** Tells the subscriber that it has a subscription, and begins to emit what it asks for. */
    void begin(DeliveryLoop opened) {
        loop = opened;
        opened.start(0);
        try {
            subscriber.onSubscribe(this);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A subscriber threw from onSubscribe and is cancelled", e);
            cancel();
        }
        emitter.start();
    }

    @Override
    public void request(long more) {
        if (more <= 0) {
            fail(
                    new IllegalArgumentException(
                            "request(%d): a subscriber asks for at least one (rule 3.9)"
                                    .formatted(more)));
            return;
        }
        if (!cancelled) {
            demand.accumulateAndGet(more, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
            LockSupport.unpark(emitter);
            loop().allow(more);
        }
    }

    private void fail(Throwable cause) {
        failure = cause;
        ended = true;
        lanes.stop();
        LockSupport.unpark(emitter);
        closeLoop();
    }

    @Override
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            lanes.stop();
            LockSupport.unpark(emitter);
            closeLoop();
        }
    }

    /** Elsewhere: who cancels must not wait for the broker. */
    private void closeLoop() {
        Thread.startVirtualThread(() -> loop().drain(Duration.ZERO));
    }

    private DeliveryLoop loop() {
        return Objects.requireNonNull(loop);
    }

    private void emit() {
        try {
            while (!cancelled && !ended) {
                if (demand.get() == 0) {
                    LockSupport.park(this);
                } else {
                    emitNext();
                }
            }
            tellEnd();
        } catch (InterruptedException | RuntimeException e) {
            LOG.log(Level.WARNING, "A subscriber threw, or was interrupted, and is cancelled", e);
            cancel();
        }
    }

    private void emitNext() throws InterruptedException {
        LiveDelivery delivery = lanes.take(Timers.FOR_EVER);
        Outcome unseen = delivery == null ? null : delivery.disposition().unseen(delivery);
        if (delivery == null) {
            awaitEnd();
        } else if (!delivery.isOpen()) {
            delivery.disposition().carryOut(delivery);
            loop().allow(1);
        } else if (unseen != null) {
            delivery.settle(unseen);
            loop().allow(1);
        } else {
            if (demand.get() != Long.MAX_VALUE) {
                demand.decrementAndGet();
            }
            delivery.disposition().emitted(delivery);
            subscriber.onNext(delivery);
        }
    }

    /** The lanes have stopped, and why is told in a moment. */
    private void awaitEnd() {
        while (!cancelled && !ended) {
            LockSupport.park(this);
        }
    }

    private void tellEnd() {
        Throwable cause = failure;
        if (cancelled) {
            return;
        }
        cancelled = true;
        if (cause != null) {
            subscriber.onError(cause);
        } else {
            subscriber.onComplete();
        }
    }

    @Override
    public void work(int more) {
        // The lanes wake the emitter.
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
    public void ended(@Nullable LapwingException cause) {
        if (failure == null && cause != null) {
            failure = cause;
        }
        ended = true;
        LockSupport.unpark(emitter);
    }
}
