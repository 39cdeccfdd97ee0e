// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.Settlement;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The end of a subscription in order: nothing new comes, handlers finish, what has no outcome is
 * given back at once without counting as failed, and everything settled is confirmed. Nothing is
 * rejected by it.
 */
record Drain(
        Receiver receiver,
        Lanes lanes,
        OpenDeliveries open,
        Settler settler,
        Credit credit,
        DeadLetterWriter deadLetters) {
    private static final System.Logger LOG = System.getLogger(Drain.class.getName());

    /** How long the broker may take for its part, whatever the time for handlers. */
    private static final long BROKER_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Runs it on the calling thread; true if every handler finished in time. */
    boolean run(Duration timeout, boolean givesBack) {
        long deadline = System.nanoTime() + Timers.nanos(timeout);
        credit.stop();
        CompletableFuture<Void> stopped = receiver.stop();
        lanes.stop();
        boolean interrupted = Thread.interrupted();
        try {
            boolean finished = lanes.awaitIdle(deadline - System.nanoTime());
            await(stopped, deadline, "to stop delivering");
            if (!deadLetters.awaitWritten(deadline - System.nanoTime())) {
                LOG.log(Level.WARNING, "Dead letters are not stored yet; their messages stay");
            }
            giveBack(givesBack);
            await(settler.flush(), deadline, "to confirm what was settled");
            return finished;
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void giveBack(boolean givesBack) {
        List<LiveDelivery> unsettled = open.all();
        for (LiveDelivery delivery : unsettled) {
            if (delivery.lose() && givesBack) {
                boolean failed = delivery.attempt() > delivery.received().attempt();
                settler.add(delivery, new Settlement.GiveBack(Duration.ZERO, failed));
            }
        }
        unsettled.stream().filter(LiveDelivery::isLost).forEach(LiveDelivery::interrupt);
    }

    private static void await(CompletableFuture<Void> done, long deadline, String what)
            throws InterruptedException {
        try {
            long left = Math.max(deadline - System.nanoTime(), BROKER_NANOS);
            done.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.log(Level.WARNING, "The broker took too long {0}", what);
        } catch (ExecutionException e) {
            LOG.log(Level.WARNING, "The broker failed {0}: {1}", what, e.getCause());
        }
    }
}
