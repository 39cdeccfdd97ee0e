// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Receivers that deliver wrongly. */
final class BrokenDelivering {
    private BrokenDelivering() {}

    /** How one receiver is made wrong. */
    interface ReceiverFlaw {
        BrokenReceiver make(
                BrokenTransport transport, ReceiverRequest request, ReceiverListener listener);
    }

    /** A transport whose receivers have a flaw. */
    static final class Receives extends BrokenTransport {
        private final ReceiverFlaw flaw;

        Receives(Link link, ReceiverFlaw flaw) {
            super(link);
            this.flaw = flaw;
        }

        @Override
        BrokenReceiver receiver(ReceiverRequest request, ReceiverListener listener) {
            return flaw.make(this, request, listener);
        }
    }

    /** Opens a little later than it says. */
    static final class OpensLater extends BrokenReceiver {
        private final List<Integer> grants = new ArrayList<>();
        private boolean opened;
        private boolean closed;

        OpensLater(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        void open() {
            CompletableFuture.delayedExecutor(60, TimeUnit.MILLISECONDS).execute(this::openNow);
        }

        private synchronized void openNow() {
            if (!closed) {
                super.open();
                opened = true;
                grants.forEach(super::grant);
            }
        }

        @Override
        public synchronized void grant(int deliveries) {
            if (opened) {
                super.grant(deliveries);
            } else {
                grants.add(deliveries);
            }
        }

        @Override
        public synchronized CompletableFuture<Void> stop() {
            closed = true;
            return opened ? super.stop() : CompletableFuture.completedFuture(null);
        }

        @Override
        public synchronized void close() {
            closed = true;
            if (opened) {
                super.close();
            }
        }
    }

    /** Grants so many more than it was granted. */
    static final class GrantsMore extends BrokenReceiver {
        private final int more;

        GrantsMore(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                int more) {
            super(transport, request, listener);
            this.more = more;
        }

        @Override
        public void grant(int deliveries) {
            super.grant(Math.max(1, deliveries + more));
        }
    }

    /** Takes a settlement for a grant. */
    static final class SettlingGrants extends BrokenReceiver {
        SettlingGrants(
                BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            return super.settle(settlement, deliveries)
                    .whenComplete((report, failure) -> super.grant(deliveries.size()));
        }
    }

    /** Does not stop. */
    static final class NeverStops extends BrokenReceiver {
        NeverStops(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public CompletableFuture<Void> stop() {
            return CompletableFuture.completedFuture(null);
        }
    }

    /** Goes on after it was closed. */
    static final class NeverCloses extends BrokenReceiver {
        NeverCloses(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public void close() {}
    }

    /** Calls its listener from a new thread each time. */
    static final class ManyThreads extends BrokenReceiver {
        ManyThreads(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public void deliver(List<? extends Received> batch) {
            Thread.ofVirtual().start(() -> super.deliver(batch));
        }
    }

    /** Keeps one of so many deliveries to itself, or hands it over twice. */
    static final class DeliversTimes extends BrokenReceiver {
        private final Predicate<Received> odd;
        private final int times;

        DeliversTimes(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                Predicate<Received> odd,
                int times) {
            super(transport, request, listener);
            this.odd = odd;
            this.times = times;
        }

        @Override
        public void deliver(List<? extends Received> batch) {
            var changed = new ArrayList<Received>();
            for (Received delivery : batch) {
                for (int at = odd.test(delivery) ? times : 1; at > 0; at--) {
                    changed.add(
                            at == 1
                                    ? outside(delivery)
                                    : new Delivered(delivery, delivery.message(), this));
                }
            }
            if (!changed.isEmpty()) {
                listener.deliver(changed);
            }
        }
    }

    static Predicate<Received> oneOf(int every) {
        var count = new AtomicInteger();
        return delivery -> count.incrementAndGet() % every == 0;
    }

    /** Delivers one, and the next one only when that is settled. */
    static final class OneAtATime extends BrokenReceiver {
        private int waiting;
        private boolean busy;

        OneAtATime(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public synchronized void grant(int deliveries) {
            waiting += deliveries;
            next();
        }

        private synchronized void next() {
            if (!busy && waiting > 0) {
                busy = true;
                waiting--;
                super.grant(1);
            }
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            if (!(settlement instanceof Settlement.Extend)) {
                synchronized (this) {
                    busy = false;
                }
                next();
            }
            return super.settle(settlement, deliveries);
        }
    }
}
