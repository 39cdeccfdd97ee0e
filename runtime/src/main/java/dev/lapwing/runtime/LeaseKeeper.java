// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.Settlement;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Renews the leases of a subscription's deliveries, those at work and those that wait: every third
 * of the lease all that are older than that, in one call. Runs on the connection's timers.
 */
final class LeaseKeeper {
    private static final System.Logger LOG = System.getLogger(LeaseKeeper.class.getName());

    private final Timers timers;
    private final long third;
    private final Settlement extend;
    private final OpenDeliveries open;
    private final Receiver receiver;
    private final Consumer<List<? extends Received>> stale;
    private volatile boolean stopped;

    /**
     * A keeper that has not begun.
     *
     * @param stale told what can not be renewed, because it is lost
     */
    LeaseKeeper(
            Timers timers,
            Duration lease,
            OpenDeliveries open,
            Receiver receiver,
            Consumer<List<? extends Received>> stale) {
        this.timers = timers;
        this.open = open;
        this.receiver = receiver;
        this.stale = stale;
        third = Timers.nanos(lease) / 3;
        extend = new Settlement.Extend(lease);
    }

    void start() {
        timers.after(third, this::renew);
    }

    private void renew() {
        if (stopped) {
            return;
        }
        start();
        long now = timers.nanoTime();
        List<Received> due = open.renew(now - third, now);
        if (!due.isEmpty()) {
            receiver.settle(extend, due)
                    .whenComplete((report, failure) -> {
                        if (failure != null) {
                            LOG.log(Level.WARNING, "Leases may not be renewed", failure);
                        } else if (!report.stale().isEmpty()) {
                            stale.accept(report.stale());
                        }
                    });
        }
    }

    void stop() {
        stopped = true;
    }
}
