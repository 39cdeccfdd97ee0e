// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.ClosedException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.Transport;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** One connection to NATS; what is common to JetStream and core subjects. */
abstract class NatsTransport implements Transport {

    final NatsLink link;
    final NatsReplyAddress address = new NatsReplyAddress();
    private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    NatsTransport(NatsLink link) {
        this.link = link;
    }

    /** Opens a receiver that tells when it is closed; in force when this returns. */
    abstract Receiver open(
            ReceiverRequest request, ReceiverListener listener, Consumer<Receiver> onClose);

    @Override
    public final Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        if (closed) {
            throw closed();
        }
        Receiver receiver = link.open(() -> open(request, listener, receivers::remove));
        receivers.add(receiver);
        if (closed) {
            receiver.close();
            throw closed();
        }
        return receiver;
    }

    private static ClosedException closed() {
        return new ClosedException("The connection is closed; connect again");
    }

    @Override
    public final Replies replies(ReplyListener listener) {
        return link.open(
                () -> new NatsReplies(link, new NatsCoreSender(link, address), address, listener));
    }

    @Override
    public final void close() {
        closed = true;
        List.copyOf(receivers).forEach(Receiver::close);
        link.close();
    }
}
