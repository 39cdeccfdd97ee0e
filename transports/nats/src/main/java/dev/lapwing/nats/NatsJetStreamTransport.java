// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.ClosedException;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One connection to JetStream. */
final class NatsTransport implements Transport {

    private final NatsLink link;
    private final NatsSettings settings;
    private final NatsStreams streams;
    private final NatsReplyAddress address = new NatsReplyAddress();
    private final NatsSender sender;
    private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    NatsTransport(NatsLink link, NatsSettings settings) {
        this.link = link;
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
    public Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        if (closed) {
            throw new ClosedException("The connection is closed; connect again");
        }
        Receiver receiver = link.open(() -> open(request, listener));
        receivers.add(receiver);
        return receiver;
    }

    private Receiver open(ReceiverRequest request, ReceiverListener listener) {
        return request.group().isPresent()
                ? new NatsGroupReceiver(link, streams, request, listener, receivers::remove)
                : new NatsSoloReceiver(link, streams, request, listener, receivers::remove);
    }

    @Override
    public Replies replies(ReplyListener listener) {
        return link.open(
                () -> new NatsReplies(link, new NatsCoreSender(link, address), address, listener));
    }

    @Override
    public Administration administration() {
        return new NatsAdministration(link, streams);
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(receivers).forEach(Receiver::close);
        link.close();
    }

    /** Comes first when the link is up again: the server may be there before its JetStream is. */
    private final class Ready implements NatsWatcher {
        @Override
        public void linkDown(String reason) {}

        @Override
        public void linkUp() {
            streams.check();
        }

        @Override
        public void linkClosed(LapwingException reason) {}
    }
}
