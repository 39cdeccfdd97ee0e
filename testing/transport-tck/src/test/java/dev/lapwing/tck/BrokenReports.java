// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Receivers that tell wrongly what they did, or could not do. */
final class BrokenReports {
    private BrokenReports() {}

    /** Counts an attempt for everything that it gives back when it closes. */
    static final class CountsOnClose extends BrokenReceiver {
        private final List<Received> delivered = new CopyOnWriteArrayList<>();

        CountsOnClose(
                BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public void deliver(List<? extends Received> batch) {
            delivered.addAll(batch);
            super.deliver(batch);
        }

        @Override
        public void close() {
            inner().stop().join();
            inner().settle(new Settlement.GiveBack(Duration.ZERO, true), delivered).join();
            super.close();
        }
    }

    /** Does not tell what is lost. */
    static final class LosesInSilence extends BrokenReceiver {
        LosesInSilence(
                BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public void lost(List<? extends Received> deliveries, String reason) {}
    }

    /** Tells another thing about confirmation than is true. */
    static final class Confirms extends BrokenReceiver {
        private final boolean confirmed;

        Confirms(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                boolean confirmed) {
            super(transport, request, listener);
            this.confirmed = confirmed;
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            return super.settle(settlement, deliveries)
                    .thenApply(report -> new SettleReport(confirmed, report.stale()));
        }
    }

    /** Fails when it is settled after its close, or by another thread than its first. */
    static final class FailsToSettle extends BrokenReceiver {
        private final boolean onOtherThreads;
        private final Thread home = Thread.currentThread();
        private volatile boolean closed;

        FailsToSettle(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                boolean onOtherThreads) {
            super(transport, request, listener);
            this.onOtherThreads = onOtherThreads;
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            boolean fails = onOtherThreads ? Thread.currentThread() != home : closed;
            return fails
                    ? CompletableFuture.failedFuture(new LapwingException("cannot settle here"))
                    : super.settle(settlement, deliveries);
        }

        @Override
        public void close() {
            closed = true;
            super.close();
        }
    }

    /** Does not settle what comes after it was stopped. */
    static final class DeafWhenStopped extends BrokenReceiver {
        private volatile boolean stopped;

        DeafWhenStopped(
                BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public CompletableFuture<Void> stop() {
            stopped = true;
            return super.stop();
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            return stopped ? done() : super.settle(settlement, deliveries);
        }
    }

    /** Always calls it the first attempt, or tells no usable position. */
    static final class Miscounts extends BrokenReceiver {
        private final boolean attempts;

        Miscounts(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                boolean attempts) {
            super(transport, request, listener);
            this.attempts = attempts;
        }

        @Override
        int attempt(Received inside) {
            return attempts ? 1 : super.attempt(inside);
        }

        @Override
        Optional<Position> position(Received inside) {
            return attempts
                    ? super.position(inside)
                    : super.position(inside).map(position -> new Position("at-" + position));
        }
    }
}
