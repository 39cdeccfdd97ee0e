// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ConnectionState;
import dev.lapwing.LapwingException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import org.zeromq.SocketType;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/** A program's part in a ZeroMQ network: at most one socket that sends, and those that read. */
final class ZeromqTransport implements Transport {

    private final ZeromqSettings settings;
    private final TransportContext context;
    private final ZeromqLoop loop = new ZeromqLoop();
    private final ZeromqSockets sockets;
    private final ZeromqLink link;
    private final ZeromqMessages messages;
    private final ZeromqOutlet outlet;
    private final RandomGenerator random = new SecureRandom();
    private final Set<ZeromqInlet> inlets = new LinkedHashSet<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private ZeromqTransport(ZeromqSettings settings, TransportContext context) {
        this.settings = settings;
        this.context = context;
        sockets = new ZeromqSockets(loop, settings);
        link = new ZeromqLink(context);
        messages = new ZeromqMessages(context.clock());
        outlet = new ZeromqOutlet(this, settings, messages);
    }

    /**
     * Joins the network. Where a forwarder stands in between, it has to be there; otherwise sockets
     * are opened when they are needed.
     *
     * @throws dev.lapwing.ConnectionFailedException if the forwarder does not answer
     * @throws dev.lapwing.AccessDeniedException if it refuses the user
     */
    static ZeromqTransport connect(ZeromqSettings settings, TransportContext context) {
        context.state().accept(new ConnectionState.Connecting());
        var transport = new ZeromqTransport(settings, context);
        try {
            transport.start();
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
        context.state().accept(new ConnectionState.Connected());
        return transport;
    }

    private void start() {
        boolean forwarded = settings.binds() == ZeromqSettings.Binds.NONE;
        await(
                loop.call(() -> {
                    loop.add(outlet);
                    settings.login().ifPresent(login -> loop.add(new ZeromqDoor(loop, login)));
                    return forwarded
                            ? outlet.connect()
                            : CompletableFuture.<Void>completedFuture(null);
                }));
    }

    private static void await(CompletableFuture<Void> done) {
        try {
            done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof LapwingException told ? told : e;
        }
    }

    ZeromqLoop loop() {
        return loop;
    }

    ZeromqSockets sockets() {
        return sockets;
    }

    ZeromqLink link() {
        return link;
    }

    ZeromqOutlet outlet() {
        return outlet;
    }

    /** A word that nobody else uses. */
    String nextToken() {
        var bytes = new byte[12];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** This transport's own publisher has seen a subscription of joining. */
    void seen(String joinTopic) {
        inlets.forEach(inlet -> inlet.seen(joinTopic));
    }

    /** Whether those subscribers of this transport have joined that read from these ends. */
    boolean hasJoined(ZeromqEnds ends) {
        return inlets.stream()
                .noneMatch(inlet ->
                        inlet.isJoining() || (inlet.connectsTo(ends) && !inlet.isJoined()));
    }

    void closed(ZeromqInlet inlet) {
        inlets.remove(inlet);
        outlet.lookAgain();
    }

    @Override
    public Capabilities capabilities() {
        return settings.mode().capabilities();
    }

    @Override
    public SettleUnit settleUnit() {
        return SettleUnit.NONE;
    }

    @Override
    public Sender sender() {
        return outlet::send;
    }

    @Override
    public Receiver receive(ReceiverRequest request, ReceiverListener listener) {
        checkGroup(request);
        record Opening(ZeromqReceiver receiver, CompletableFuture<Void> inForce) {}
        Opening opening =
                loop.call(() -> {
                    ZeromqInlet inlet = inlet();
                    inlet.checkGroup(request.group());
                    inlets.add(inlet);
                    var receiver = new ZeromqReceiver(loop, inlet, request, listener);
                    return new Opening(receiver, inlet.add(receiver));
                });
        try {
            await(opening.inForce);
            return opening.receiver;
        } catch (RuntimeException e) {
            opening.receiver.close();
            throw e;
        }
    }

    private void checkGroup(ReceiverRequest request) {
        if (settings.mode() == ZeromqMode.PUSHPULL && request.group().isEmpty()) {
            throw new LapwingException(
                    "The subscription of '%s' has no group, and with mode=pushpull every message goes to one worker: give it group(NAME) and guarantee(AT_MOST_ONCE), or connect with mode=pubsub"
                            .formatted(request.topics()));
        }
    }

    /** A socket of its own for a subscriber that connects; workers and open ports are shared. */
    private ZeromqInlet inlet() {
        boolean shared = settings.reads().binds() || settings.mode().reads() == SocketType.PULL;
        return shared && !inlets.isEmpty()
                ? inlets.iterator().next()
                : new ZeromqInlet(this, settings, messages);
    }

    @Override
    public Administration administration() {
        throw new UnsupportedCapabilityException(
                capabilities().transport(),
                Capability.ADMINISTRATION,
                capabilities().entry(Capability.ADMINISTRATION).note());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            loop.end(() -> {
                Set.copyOf(inlets).forEach(ZeromqInlet::close);
                outlet.close();
                loop.closeAll();
            });
            context.state().accept(new ConnectionState.Closed("closed by this program"));
        }
    }
}
