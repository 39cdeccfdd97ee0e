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

/**
 * Settles with the broker whatever has gathered, and waits for the confirmation before it settles
 * what gathered meanwhile: so batches grow with the load, and nothing waits for a timer. A broker
 * that does not answer is waited for only so long. One virtual thread works; any thread adds,
 * without a lock.
 */
final class Settler implements AutoCloseable {
    static final Settlement ACK = new Settlement.Ack();

    private static final System.Logger LOG = System.getLogger(Settler.class.getName());

    private record Call(
            Settlement settlement,
            List<LiveDelivery> deliveries,
            CompletableFuture<SettleReport> report) {}

    private final Receiver receiver;
    private final @Nullable FloorTracker floors;
    private final Counts counts;
    private final Duration patience;

    /** Takes those off the books that are settled. */
    private final Consumer<List<LiveDelivery>> settled;

    private final AtomicReference<@Nullable LiveDelivery> gathered = new AtomicReference<>();
    private final Queue<CompletableFuture<Void>> flushes = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    Settler(
            Receiver receiver,
            @Nullable FloorTracker floors,
            Counts counts,
            Duration patience,
            Consumer<List<LiveDelivery>> settled) {
        this.receiver = receiver;
        this.floors = floors;
        this.counts = counts;
        this.patience = patience;
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
        } while (!gathered.compareAndSet(before, delivery));
        if (before == null) {
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
        while (true) {
            var asked = new ArrayList<CompletableFuture<Void>>();
            for (var flush = flushes.poll(); flush != null; flush = flushes.poll()) {
                asked.add(flush);
            }
            LiveDelivery last = gathered.getAndSet(null);
            if (last != null) {
                settle(inOrder(last));
            }
            asked.forEach(flush -> flush.complete(null));
            if (last == null && asked.isEmpty()) {
                if (closed) {
                    return;
                }
                LockSupport.park(this);
            }
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
        var calls = new ArrayList<Call>();
        ways.forEach((way, deliveries) -> call(way, deliveries, calls));
        settled.accept(batch);
        calls.forEach(this::confirm);
    }

    private void call(Settlement way, List<LiveDelivery> deliveries, List<Call> calls) {
        List<Received> received =
                floors != null && way instanceof Settlement.Ack
                        ? floors.handled(deliveries)
                        : deliveries.stream().map(LiveDelivery::received).toList();
        try {
            var report =
                    received.isEmpty()
                            ? CompletableFuture.completedFuture(SettleReport.allConfirmed())
                            : receiver.settle(way, received);
            calls.add(new Call(way, deliveries, report));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "The transport threw from settle instead of telling a result", e);
        }
    }

    private void confirm(Call call) {
        try {
            int stale =
                    call.report.get(Timers.nanos(patience), TimeUnit.NANOSECONDS).stale().size();
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
