// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ClosedException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Replies;
import dev.lapwing.spi.ReplyListener;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** One connection of Lapwing to RabbitMQ, over a link that it may share. */
final class RabbitTransport implements Transport {
    private final RabbitLinks.Hold hold;
    private final TransportContext context;
    private final RabbitSender sender;
    private final Capabilities capabilities;
    private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Made when it is first asked for; guarded by the monitor of the receivers. */
    private @Nullable RabbitAdministration administration;

    RabbitTransport(RabbitLinks.Hold hold, TransportContext context) {
        this.hold = hold;
        this.context = context;
        sender = new RabbitSender(hold.lanes());
        capabilities = RabbitCapabilities.of(hold.link().settings());
        hold.link().listen(context.state());
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
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
        checkOpen();
        if (request.topics().isPattern()) {
            capabilities.require(Capability.PATTERNS);
        }
        hold.lanes().topology().check(request);
        var receiver =
                new RabbitReceiver(
                        hold.link(),
                        hold.lanes().topology(),
                        request,
                        listener,
                        context.clock(),
                        receivers::remove);
        receiver.start();
        receivers.add(receiver);
        return receiver;
    }

    @Override
    public Replies replies(ReplyListener listener) {
        checkOpen();
        var replies = new RabbitReplies(hold.link(), hold.lanes(), listener, context.clock());
        sender.use(replies);
        return replies;
    }

    @Override
    public Administration administration() {
        checkOpen();
        capabilities.require(Capability.ADMINISTRATION);
        synchronized (receivers) {
            RabbitAdministration known = administration;
            if (known == null) {
                known =
                        new RabbitAdministration(
                                hold.link(), hold.lanes().topology(), context.clock());
                administration = known;
            }
            return known;
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new ClosedException("The connection is closed; connect again");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List.copyOf(receivers).forEach(Receiver::close);
            hold.link().unlisten(context.state());
            hold.close();
        }
    }
}
