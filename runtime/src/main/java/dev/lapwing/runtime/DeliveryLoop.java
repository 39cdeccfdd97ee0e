// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capability;
import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Subscription;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.SettleUnit;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One subscription: takes deliveries from the receiver and hands them to who consumes them. Safe
 * for use by many threads; it has no lock of its own, and its parts never call each other while
 * they hold theirs.
 */
final class DeliveryLoop implements Subscription, ReceiverListener {
    private static final System.Logger LOG = System.getLogger(DeliveryLoop.class.getName());

    private final LoopContext context;
    private final SubscriptionSettings settings;
    private final Consumption consumption;
    private final boolean settles;
    private final Counts counts = new Counts();
    private final OpenDeliveries open = new OpenDeliveries();
    private final Lanes lanes;
    private final Credit credit;
    private final @Nullable FloorTracker floors;
    private final DeadLetterWriter deadLetters;
    private final Receiver receiver;
    private final Settler settler;
    private final Disposition disposition;
    private final LeaseKeeper leases;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** A loop over a receiver that is opened now, for who consumes from these lanes. */
    DeliveryLoop(
            LoopContext context,
            SubscriptionSettings settings,
            Lanes lanes,
            Consumption consumption) {
        this.context = context;
        this.settings = settings;
        this.lanes = lanes;
        this.consumption = consumption;
        settles = context.settles(settings) && !settings.atMostOnce();
        floors =
                settles && context.transport().settleUnit() == SettleUnit.FLOOR
                        ? new FloorTracker(Math.max(10_000, 4 * settings.prefetch()))
                        : null;
        credit = new Credit(settings, lanes::parked, () -> floors != null && floors.isFull());
        deadLetters = context.deadLetters(settings);
        receiver = context.transport().receive(settings.request(), this);
        Duration patience = context.options().publishTimeout();
        int worthACall = Math.max(1, settings.prefetch() / 4);
        settler =
                new Settler(receiver, floors, counts, patience, worthACall, this::takeOffTheBooks);
        disposition =
                new Disposition(
                        context,
                        settings,
                        settles,
                        consumption,
                        context.planner(settings),
                        deadLetters,
                        lanes,
                        open,
                        settler,
                        credit,
                        counts);
        leases =
                new LeaseKeeper(
                        context.timers(),
                        settings.lease(),
                        open,
                        receiver,
                        stale -> lost(stale, "the lease ran out"));
        if (settles && context.isNative(Capability.EXTEND_LEASE)) {
            leases.start();
        }
    }

    /** Begins to take deliveries: in all no more than allowed. */
    DeliveryLoop start(long allowance) {
        begun.countDown();
        credit.start(receiver, allowance);
        return this;
    }

    @Override
    public void deliver(List<? extends Received> batch) {
        counts.delivered(batch.size());
        if (context.settles(settings) && settings.atMostOnce()) {
            settleFirst(batch);
        } else {
            hand(wrap(batch));
        }
    }

    private LiveDelivery[] wrap(List<? extends Received> batch) {
        long now = context.timers().nanoTime();
        var deliveries = new LiveDelivery[batch.size()];
        for (int at = 0; at < deliveries.length; at++) {
            Received received = batch.get(at);
            deliveries[at] = new LiveDelivery(disposition, received, received.attempt(), now);
        }
        return deliveries;
    }

    private void hand(LiveDelivery[] deliveries) {
        if (settles) {
            open.add(deliveries);
        }
        if (floors != null) {
            floors.add(deliveries);
        }
        consumption.work(lanes.add(deliveries));
    }

    /** At most once: what the broker has not confirmed as settled is not handled. */
    private void settleFirst(List<? extends Received> batch) {
        receiver.settle(Settler.ACK, List.copyOf(batch))
                .copy()
                .orTimeout(Timers.nanos(context.options().publishTimeout()), TimeUnit.NANOSECONDS)
                .whenComplete((report, failure) -> {
                    if (failure != null) {
                        LOG.log(
                                Level.WARNING,
                                "{0} deliveries are dropped, because they may not be settled: {1}",
                                batch.size(),
                                failure);
                        disposition.leave(batch.size());
                    } else {
                        hand(wrap(without(batch, report)));
                    }
                });
    }

    private List<? extends Received> without(List<? extends Received> batch, SettleReport report) {
        Set<Received> passed = Collections.newSetFromMap(new IdentityHashMap<>());
        passed.addAll(report.stale());
        counts.stale(passed.size());
        if (!report.confirmed()) {
            // An ack that nobody confirms may have been lost with its link: then somebody has
            // handled the message.
            List<? extends Received> doubtful =
                    batch.stream()
                            .filter(each -> each.isRedelivered() && !passed.contains(each))
                            .toList();
            drop(doubtful);
            passed.addAll(doubtful);
        }
        if (passed.isEmpty()) {
            return batch;
        }
        disposition.leave(passed.size());
        return batch.stream().filter(received -> !passed.contains(received)).toList();
    }

    private void drop(List<? extends Received> doubtful) {
        if (!doubtful.isEmpty()) {
            counts.lost(doubtful.size());
            LOG.log(
                    Level.INFO,
                    "{0} deliveries are dropped, because they may have been handled before, and {1}"
                            + " is to have each at most once",
                    doubtful.size(),
                    settings.groupName());
        }
    }

    @Override
    public void lost(List<? extends Received> deliveries, String reason) {
        List<LiveDelivery> found = open.removeAll(deliveries);
        if (floors != null) {
            floors.lost(deliveries);
        }
        // All are marked before anyone is interrupted: who is would begin the next of them. What
        // has an outcome is on its way to the broker, which says whether that came too late.
        List<LiveDelivery> lost = found.stream().filter(LiveDelivery::lose).toList();
        LOG.log(Level.DEBUG, "{0} deliveries are lost: {1}", lost.size(), reason);
        counts.lost(lost.size());
        lost.forEach(LiveDelivery::interrupt);
        disposition.leave(found.size());
    }

    @Override
    public void gap(Gap gap) {
        Thread.startVirtualThread(() -> tell(gap));
    }

    private void tell(Gap gap) {
        try {
            settings.onGap().accept(gap);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A listener of gaps failed", e);
        }
    }

    @Override
    public void failed(LapwingException cause) {
        Thread.startVirtualThread(() -> fail(cause));
    }

    private void fail(LapwingException cause) {
        try {
            begun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (ending.compareAndSet(false, true)) {
            LOG.log(Level.WARNING, "The subscription of {0} has ended: {1}", this, cause);
            consumption.ended(cause);
            credit.stop();
            lanes.stop();
            finish(cause);
            drained.complete(false);
        }
    }

    private void takeOffTheBooks(List<LiveDelivery> settled) {
        disposition.leave(open.remove(settled));
    }

    @Override
    public void pause() {
        credit.pause();
        lanes.pause();
    }

    @Override
    public void resume() {
        consumption.work(lanes.goOn());
        credit.resume();
    }

    /** Allows more deliveries in all. */
    void allow(long more) {
        credit.allow(more);
    }

    @Override
    public boolean drain(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException(
                    "timeout is " + timeout + "; it must not be negative");
        }
        if (consumption.runs(Thread.currentThread())) {
            Thread.startVirtualThread(() -> drainOnce(timeout));
            return false;
        }
        return drainOnce(timeout);
    }

    private boolean drainOnce(Duration timeout) {
        if (ending.compareAndSet(false, true)) {
            boolean inTime = false;
            try {
                inTime =
                        new Drain(receiver, lanes, open, settler, credit, deadLetters)
                                .run(timeout, context.givesBack(settings, Capability.GIVE_BACK));
            } finally {
                finish(null);
                drained.complete(inTime);
            }
        }
        return drained.join();
    }

    private void finish(@Nullable LapwingException cause) {
        deadLetters.stop();
        leases.stop();
        settler.close();
        try {
            receiver.close();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "A receiver failed to close", e);
        }
        context.ended().accept(this);
        consumption.ended(cause);
        if (cause == null) {
            ended.complete(null);
        } else {
            ended.completeExceptionally(cause);
        }
    }

    /** Whether this thread runs one of its handlers. */
    boolean runs(Thread thread) {
        return consumption.runs(thread);
    }

    @Override
    public Statistics statistics() {
        return counts.snapshot();
    }

    @Override
    public CompletionStage<Void> ended() {
        return ended.minimalCompletionStage();
    }

    @Override
    public void close() {
        drain(context.options().drainTimeout());
    }

    @Override
    public String toString() {
        return settings.topics() + settings.group().map(group -> " of group " + group).orElse("");
    }
}
