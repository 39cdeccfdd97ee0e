// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.LapwingException;
import dev.lapwing.Outcome;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The virtual threads that run a subscription's handler. A worker starts when there is something to
 * do that no other is free for, and lives until the subscription ends, whatever handlers throw.
 */
final class HandlerWorkers implements Consumption {
    private static final System.Logger LOG = System.getLogger(HandlerWorkers.class.getName());

    /** What a worker does with the deliveries that it took. */
    interface Work {
        /** Puts back what it has not begun when {@link Lanes#recalls} has grown. */
        void run(LiveDelivery[] taken, int count, int recalls);
    }

    private final Lanes lanes;
    private final int limit;
    private final int share;
    private final Work work;
    private final AtomicInteger started = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    /**
     * Workers, none of which has started.
     *
     * @param limit how many there may be
     * @param share how many deliveries one takes at once
     */
    HandlerWorkers(Lanes lanes, int limit, int share, Work work) {
        this.lanes = lanes;
        this.limit = limit;
        this.share = share;
        this.work = work;
    }

    @Override
    public void work(int more) {
        for (int at = 0; at < more && started.get() < limit; at++) {
            int number = started.incrementAndGet();
            if (number > limit) {
                started.decrementAndGet();
                return;
            }
            Thread.ofVirtual().name("lapwing-handler-" + number).start(this::run);
        }
    }

    private void run() {
        Thread self = Thread.currentThread();
        threads.add(self);
        var taken = new LiveDelivery[share];
        boolean again = false;
        while (true) {
            int recalls = lanes.recalls();
            int count = lanes.take(taken, again);
            if (count == 0) {
                threads.remove(self);
                return;
            }
            again = true;
            try {
                work.run(taken, count, recalls);
            } catch (Throwable e) {
                LOG.log(Level.ERROR, "The delivery of messages failed; they are tried again", e);
                retry(taken, count);
            }
        }
    }

    private static void retry(LiveDelivery[] taken, int count) {
        for (int at = 0; at < count; at++) {
            if (taken[at].decide(Outcome.retry("the delivery failed in this process"))) {
                taken[at].disposition().carryOut(taken[at]);
            }
        }
    }

    @Override
    public boolean settlesAtOnce() {
        return false;
    }

    @Override
    public boolean runs(Thread thread) {
        return threads.contains(thread);
    }

    @Override
    public void ended(@Nullable LapwingException cause) {
        // The lanes have stopped, which ends every worker.
    }
}
