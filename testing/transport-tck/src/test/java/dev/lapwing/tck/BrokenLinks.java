// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.ConnectionState;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Settlement;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Transports that do not bear that their link breaks, or ends. */
final class BrokenLinks {
    private BrokenLinks() {}

    /** Forgets its receivers, or what they should get, when the link breaks. */
    static final class Forgets extends BrokenTransport {
        private final boolean forEver;
        private final Set<BrokenReceiver> all = ConcurrentHashMap.newKeySet();
        private final List<String> seenBefore = new CopyOnWriteArrayList<>();

        /** Forgets receivers for ever, or only what they held when the link broke. */
        Forgets(Link link, boolean forEver) {
            super(link);
            this.forEver = forEver;
        }

        @Override
        void state(ConnectionState state) {
            if (forEver && state instanceof ConnectionState.Reconnecting) {
                all.forEach(receiver -> receiver.inner().close());
            }
            super.state(state);
        }

        @Override
        BrokenReceiver receiver(ReceiverRequest request, ReceiverListener listener) {
            var receiver =
                    new BrokenReceiver(this, request, listener) {
                        @Override
                        public void lost(List<? extends Received> deliveries, String reason) {
                            deliveries.forEach(each -> seenBefore.add(idOf(each)));
                            super.lost(deliveries, reason);
                        }

                        @Override
                        public void deliver(List<? extends Received> batch) {
                            List<Received> again =
                                    batch.stream()
                                            .<Received>map(each -> each)
                                            .filter(each -> seenBefore.contains(idOf(each)))
                                            .toList();
                            inner().settle(new Settlement.Ack(), again);
                            var rest = new ArrayList<Received>(batch);
                            rest.removeAll(again);
                            super.deliver(rest);
                        }
                    };
            all.add(receiver);
            return receiver;
        }

        private static String idOf(Received delivery) {
            return delivery.message().id().orElse("");
        }
    }

    /** After a reconnect delivers nothing that is older. */
    static final class ForgetsThePast extends BrokenTransport {
        private volatile Instant broke = Instant.MIN;

        ForgetsThePast(Link link) {
            super(link);
        }

        @Override
        void state(ConnectionState state) {
            if (state instanceof ConnectionState.Reconnecting down) {
                broke = down.since();
            }
            super.state(state);
        }

        @Override
        BrokenReceiver receiver(ReceiverRequest request, ReceiverListener listener) {
            return new BrokenDelivering.DeliversTimes(
                    this,
                    request,
                    listener,
                    delivery -> delivery.message().timestamp().isBefore(broke),
                    0);
        }
    }

    /** Keeps it to itself that the link is down. */
    static final class SaysConnected extends BrokenTransport {
        SaysConnected(Link link) {
            super(link);
        }

        @Override
        void state(ConnectionState state) {
            if (!(state instanceof ConnectionState.Reconnecting)) {
                super.state(state);
            }
        }
    }

    /** Fails when it is closed. */
    static final class FailsToClose extends BrokenTransport {
        FailsToClose(Link link) {
            super(link);
        }

        @Override
        public void close() {
            super.close();
            throw new LapwingException("the link did not want to close");
        }
    }
}
