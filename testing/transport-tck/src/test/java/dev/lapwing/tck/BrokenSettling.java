// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Receivers that settle wrongly. */
final class BrokenSettling {
    private BrokenSettling() {}

    /** Settles in another way than it was told. */
    static final class SettlesOtherwise extends BrokenReceiver {
        private final UnaryOperator<Settlement> change;

        SettlesOtherwise(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                UnaryOperator<Settlement> change) {
            super(transport, request, listener);
            this.change = change;
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            return super.settle(change.apply(settlement), deliveries);
        }
    }

    static Settlement swallowed(Settlement settlement) {
        return settlement instanceof Settlement.GiveBack ? new Settlement.Ack() : settlement;
    }

    static Settlement atOnce(Settlement settlement) {
        return settlement instanceof Settlement.GiveBack back
                ? new Settlement.GiveBack(Duration.ZERO, back.failed())
                : settlement;
    }

    static Settlement counted(Settlement settlement) {
        return settlement instanceof Settlement.GiveBack back
                ? new Settlement.GiveBack(back.pause(), true)
                : settlement;
    }

    /** Acks what was given back five times, and says nothing of it. */
    static final class DropsAtLast extends BrokenReceiver {
        private static final int MOST = 5;

        private final Map<String, Integer> given = new ConcurrentHashMap<>();

        DropsAtLast(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            boolean drops =
                    settlement instanceof Settlement.GiveBack
                            && deliveries.stream().anyMatch(this::isSpent);
            return super.settle(drops ? new Settlement.Ack() : settlement, deliveries);
        }

        private boolean isSpent(Received delivery) {
            return given.merge(delivery.message().text(), 1, Integer::sum) >= MOST;
        }
    }

    /** Says that it settled, and does nothing, for what is of this kind. */
    static final class Ignores extends BrokenReceiver {
        private final Class<? extends Settlement> kind;

        Ignores(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                Class<? extends Settlement> kind) {
            super(transport, request, listener);
            this.kind = kind;
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            return kind.isInstance(settlement) ? done() : super.settle(settlement, deliveries);
        }
    }

    /** Acks whatever it delivers. */
    static final class AcksEarly extends BrokenReceiver {
        AcksEarly(BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public void deliver(List<? extends Received> batch) {
            inner().settle(new Settlement.Ack(), batch);
            super.deliver(batch);
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            return done();
        }
    }

    /** Acks what it holds when it stops, or what was delivered before something that is acked. */
    static final class AcksTooMuch extends BrokenReceiver {
        private final boolean whenStopped;
        private final List<Received> delivered = new CopyOnWriteArrayList<>();

        AcksTooMuch(
                BrokenTransport transport,
                ReceiverRequest request,
                ReceiverListener listener,
                boolean whenStopped) {
            super(transport, request, listener);
            this.whenStopped = whenStopped;
        }

        @Override
        public void deliver(List<? extends Received> batch) {
            delivered.addAll(batch);
            super.deliver(batch);
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            if (whenStopped || !(settlement instanceof Settlement.Ack)) {
                return super.settle(settlement, deliveries);
            }
            List<Received> more = new ArrayList<>(inside(deliveries));
            int last = more.stream().mapToInt(delivered::indexOf).max().orElse(0);
            return inner().settle(settlement, List.copyOf(delivered.subList(0, last + 1)))
                    .thenApply(report -> SettleReport.allConfirmed());
        }

        @Override
        public CompletableFuture<Void> stop() {
            if (whenStopped) {
                inner().settle(new Settlement.Ack(), List.copyOf(delivered));
            }
            return super.stop();
        }

        @Override
        public void close() {
            if (whenStopped) {
                inner().settle(new Settlement.Ack(), List.copyOf(delivered)).join();
            }
            super.close();
        }
    }

    /** Settles when it is closed, by the last word that was said. */
    static final class LastWordCounts extends BrokenReceiver {
        private final Map<Received, Settlement> words = new ConcurrentHashMap<>();

        LastWordCounts(
                BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            deliveries.forEach(each -> words.put(each, settlement));
            return done();
        }

        @Override
        public void close() {
            words.forEach((delivery, word) -> inner().settle(word, inside(List.of(delivery))));
            super.close();
        }
    }

    /** Settles by the message, whoever has it now. */
    static final class SettlesStale extends BrokenReceiver {
        private record Owned(Receiver owner, Received delivery) {}

        private static final Map<String, Owned> OWNERS = new ConcurrentHashMap<>();

        SettlesStale(
                BrokenTransport transport, ReceiverRequest request, ReceiverListener listener) {
            super(transport, request, listener);
        }

        @Override
        public void deliver(List<? extends Received> batch) {
            batch.forEach(each -> OWNERS.put(idOf(each), new Owned(inner(), each)));
            super.deliver(batch);
        }

        @Override
        public CompletableFuture<SettleReport> settle(
                Settlement settlement, List<? extends Received> deliveries) {
            for (Received each : deliveries) {
                Owned now = OWNERS.get(idOf(each));
                now.owner().settle(settlement, List.of(now.delivery()));
            }
            return done();
        }

        private static String idOf(Received delivery) {
            return delivery.message().id().orElse("");
        }
    }
}
