// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;

import java.util.function.Consumer;

/** One connection to JetStream. */
final class NatsJetStreamTransport extends NatsTransport {

    private final NatsSettings settings;
    private final NatsStreams streams;
    private final NatsSender sender;

    NatsJetStreamTransport(NatsLink link, NatsSettings settings) {
        super(link);
        this.settings = settings;
        streams = new NatsStreams(link, settings);
        streams.check();
        sender = new NatsSender(link, streams, address);
        link.watch(new Ready());
    }

    @Override
    public Capabilities capabilities() {
        return NatsCapabilities.jetStream(settings);
    }

    @Override
    public SettleUnit settleUnit() {
        return SettleUnit.MESSAGE;
    }

    @Override
    public Sender sender() {
        return sender;
    }

    @Override
    Receiver open(ReceiverRequest request, ReceiverListener listener, Consumer<Receiver> onClose) {
        return request.group().isPresent()
                ? new NatsGroupReceiver(link, streams, request, listener, onClose)
                : new NatsSoloReceiver(link, streams, request, listener, onClose);
    }

    @Override
    public Administration administration() {
        return new NatsAdministration(link, streams);
    }

    /** Comes first when the link is up again: the server may be there before its JetStream is. */
    private final class Ready implements NatsWatcher {
        @Override
        public void linkUp() {
            streams.check();
        }
    }
}
