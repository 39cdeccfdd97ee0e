// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.UnsupportedCapabilityException;
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

/** One connection to core NATS, which keeps nothing. */
final class NatsCoreTransport implements Transport {

    private final NatsLink link;
    private final NatsSettings settings;
    private final NatsReplyAddress address = new NatsReplyAddress();
    private final NatsCoreSender sender;
    private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    NatsCoreTransport(NatsLink link, NatsSettings settings) {
        this.link = link;
        this.settings = settings;
        sender = new NatsCoreSender(link, address);
    }

    @Override
    public Capabilities capabilities() {
        return NatsCapabilities.core();
    }

    @Override
    public SettleUnit settleUnit() {
        return SettleUnit.NONE;
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
        return new NatsCoreReceiver(link, request, settings.buffer(), listener, receivers::remove);
    }

    @Override
    public Replies replies(ReplyListener listener) {
        return link.open(() -> new NatsReplies(link, sender, address, listener));
    }

    @Override
    public Administration administration() {
        throw new UnsupportedCapabilityException(
                "nats core",
                Capability.ADMINISTRATION,
                capabilities().entry(Capability.ADMINISTRATION).note());
    }

    @Override
    public void close() {
        closed = true;
        List.copyOf(receivers).forEach(Receiver::close);
        link.close();
    }
}
