// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Outcome;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Settles with the broker whatever has gathered. What gathers before that is confirmed waits for
 * the confirmation, or until it is worth a call of its own: so batches grow with the load. Where
 * nothing is confirmed, a small batch waits until a moment has passed since the one before. Only a
 * few calls are under way, and a broker that does not answer is waited for only so long. One
 * virtual thread works; any thread adds, without a lock.
 */
final class Settler implements AutoCloseable {
    static final Settlement ACK = new Settlement.Ack();

    private static final System.Logger LOG = System.getLogger(Settler.class.getName());

    /** Calls that may be under way when a further one is made. */
    private static final int MOST_AHEAD = 3;

    /** Between calls that are not worth it; enough for a batch at any rate that matters. */
    private static final long MOMENT_NANOS = 1_000_000;

    private record Call(
            Settlement settlement,
            List<LiveDelivery> deliveries,
            CompletableFuture<SettleReport> report,
            long deadline) {}

    private final Receiver receiver;
    private final @Nullable FloorTracker floors;
    private final Counts counts;
    private final Duration patience;

    /** So many are settled although others are not confirmed. */
    private final int worthACall;

    /** Takes those off the books that are settled. */
    private final Consumer<List<LiveDelivery>> settled;

    private final AtomicReference<@Nullable LiveDelivery> gathered = new AtomicReference<>();
    private final Queue<CompletableFuture<Void>> flushes = new ConcurrentLinkedQueue<>();

    /** The calls under way, the oldest first; the settler's thread alone uses it. */
    private final ArrayDeque<Call> unconfirmed = new ArrayDeque<>();

    private long settledAt = System.nanoTime() - MOMENT_NANOS;

    private final Thread thread;
    private volatile boolean closed;

    Settler(
            Receiver receiver,
            @Nullable FloorTracker floors,
            Counts counts,
            Duration patience,
            int worthACall,
            Consumer<List<LiveDelivery>> settled) {
        this.receiver = receiver;
        this.floors = floors;
        this.counts = counts;
        this.patience = patience;
        this.worthACall = worthACall;
        this.settled = settled;
        thread = Thread.ofVirtual().name("lapwing-settler").start(this::run);
    }

    /** Takes a delivery to be settled so; returns at once. */
    void add(LiveDelivery delivery, Settlement settlement) {
        delivery.settlement = settlement;
        LiveDelivery before;
        do {
            before = gathered.get();
            delivery.gathered = before;
            delivery.gatheredCount = before == null ? 1 : before.gatheredCount + 1;
        } while (!gathered.compareAndSet(before, delivery));
        if (before == null || delivery.gatheredCount == worthACall) {
            LockSupport.unpark(thread);
        }
    }

    /** Completes when everything added so far is settled, and confirmed where it can be. */
    CompletableFuture<Void> flush() {
        var flushed = new CompletableFuture<Void>();
        flushes.add(flushed);
        LockSupport.unpark(thread);
        return flushed;
    }

    private void run() {
        while (!closed || !flushes.isEmpty() || gathered.get() != null || !unconfirmed.isEmpty()) {
            var asked = new ArrayList<CompletableFuture<Void>>();
            for (var flush = flushes.poll(); flush != null; flush = flushes.poll()) {
                asked.add(flush);
            }
            if (!asked.isEmpty()) {
                settleGathered();
                confirm(_ -> true);
                asked.forEach(flush -> flush.complete(null));
            } else if (isWorthACall()) {
                settleGathered();
            } else {
                rest();
            }
            confirm(Settler::isOver);
        }
    }

    private boolean isWorthACall() {
        LiveDelivery last = gathered.get();
        return last != null
                && (last.gatheredCount >= worthACall
                        ? unconfirmed.size() <= MOST_AHEAD
                        : unconfirmed.isEmpty() && momentLeft() <= 0);
    }

    private long momentLeft() {
        return settledAt + MOMENT_NANOS - System.nanoTime();
    }

    private static boolean isOver(Call call) {
        return call.report.isDone() || call.deadline - System.nanoTime() <= 0;
    }

    private void rest() {
        Call oldest = unconfirmed.peek();
        if (oldest == null && gathered.get() == null) {
            LockSupport.park(this);
        } else if (oldest == null) {
            LockSupport.parkNanos(this, momentLeft());
        } else if (!isOver(oldest)) {
            LockSupport.parkNanos(this, oldest.deadline - System.nanoTime());
        }
    }

    private void settleGathered() {
        LiveDelivery last = gathered.getAndSet(null);
        if (last != null) {
            settle(inOrder(last));
            settledAt = System.nanoTime();
        }
    }

    /** Takes note of the oldest calls, as long as they are such. */
    private void confirm(Predicate<Call> which) {
        for (Call call = unconfirmed.peek();
                call != null && which.test(call);
                call = unconfirmed.peek()) {
            confirm(unconfirmed.remove());
        }
    }

    private static List<LiveDelivery> inOrder(LiveDelivery last) {
        var batch = new ArrayList<LiveDelivery>();
        LiveDelivery at = last;
        while (at != null) {
            LiveDelivery before = at.gathered;
            at.gathered = null;
            batch.add(at);
            at = before;
        }
        return batch.reversed();
    }

    private void settle(List<LiveDelivery> batch) {
        Map<Settlement, List<LiveDelivery>> ways = new LinkedHashMap<>();
        for (LiveDelivery delivery : batch) {
            Settlement way = delivery.settlement == null ? ACK : delivery.settlement;
            ways.computeIfAbsent(way, any -> new ArrayList<>()).add(delivery);
        }
        ways.forEach(this::call);
        settled.accept(batch);
    }

    private void call(Settlement way, List<LiveDelivery> deliveries) {
        List<Received> received =
                floors != null && way instanceof Settlement.Ack
                        ? floors.handled(deliveries)
                        : deliveries.stream().map(LiveDelivery::received).toList();
        try {
            var report =
                    received.isEmpty()
                            ? CompletableFuture.completedFuture(SettleReport.allConfirmed())
                            : receiver.settle(way, received);
            long deadline = System.nanoTime() + Timers.nanos(patience);
            unconfirmed.add(new Call(way, deliveries, report, deadline));
            report.whenComplete((_, _) -> LockSupport.unpark(thread));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The transport threw from settle instead of telling a result", e);
        }
    }

    private void confirm(Call call) {
        try {
            long left = call.deadline - System.nanoTime();
            int stale = call.report.get(left, TimeUnit.NANOSECONDS).stale().size();
            counts.stale(stale);
            if (call.settlement instanceof Settlement.Reject) {
                counts.deadLettered(call.deliveries.size() - stale);
            } else {
                counts.accepted(Math.max(0, accepted(call.deliveries) - stale));
            }
        } catch (ExecutionException e) {
            unknown(call, e.getCause());
        } catch (TimeoutException e) {
            unknown(call, "no answer came within " + patience + ", the publish time-out");
        } catch (InterruptedException e) {
            unknown(call, e);
        }
    }

    private static void unknown(Call call, @Nullable Object reason) {
        LOG.log(
                Level.WARNING,
                "Whether {0} deliveries are settled is not known; they may come again: {1}",
                call.deliveries.size(),
                reason);
    }

    private static int accepted(List<LiveDelivery> deliveries) {
        int accepted = 0;
        for (LiveDelivery delivery : deliveries) {
            accepted += delivery.outcome() instanceof Outcome.Accept ? 1 : 0;
        }
        return accepted;
    }

    /** Ends when everything that was added is settled. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
