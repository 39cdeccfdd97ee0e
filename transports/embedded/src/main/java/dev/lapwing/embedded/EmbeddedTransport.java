// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.ClosedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** One connection to an engine of this process. */
final class EmbeddedTransport implements Transport {
    private final String scheme;
    private final EngineDirectory.Hold hold;
    private final Engine engine;
    private final EmbeddedSender sender;
    private final TransportContext context;
    private final Consumer<String> onBroken = this::broken;
    private final Set<Receiver> receivers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    EmbeddedTransport(String scheme, EngineDirectory.Hold hold, TransportContext context) {
        this.scheme = scheme;
        this.hold = hold;
        this.engine = hold.engine();
        this.sender = new EmbeddedSender(engine);
        this.context = context;
        context.state().accept(new ConnectionState.Connected());
        engine.onBroken(onBroken);
    }

    private void broken(String reason) {
        context.state().accept(new ConnectionState.Closed(reason));
    }

    @Override
    public Capabilities capabilities() {
        return EmbeddedCapabilities.of(scheme);
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
        if (closed.get()) {
            throw new ClosedException("The connection is closed; connect again");
        }
        return request.group().isPresent()
                ? receiveInGroup(request, listener)
                : receiveAlone(request, listener);
    }

    private Receiver receiveInGroup(ReceiverRequest request, ReceiverListener listener) {
        var receiver =
                new GroupReceiver(
                        request,
                        listener,
                        engine,
                        gone -> {
                            engine.topics().forget(gone);
                            receivers.remove(gone);
                        });
        engine.topics().join(receiver);
        receivers.add(receiver);
        return receiver;
    }

    private Receiver receiveAlone(ReceiverRequest request, ReceiverListener listener) {
        var receiver =
                new TailReceiver(
                        request,
                        listener,
                        engine,
                        gone -> {
                            engine.topics().forget(gone);
                            receivers.remove(gone);
                        });
        engine.topics().read(receiver);
        receivers.add(receiver);
        return receiver;
    }

    @Override
    public Administration administration() {
        return new EmbeddedAdministration(engine);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            List.copyOf(receivers).forEach(Receiver::close);
            engine.forget(onBroken);
            hold.close();
        }
    }
}
