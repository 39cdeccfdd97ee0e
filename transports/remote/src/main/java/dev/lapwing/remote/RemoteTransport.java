// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Administration;
import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.Sender;
import dev.lapwing.spi.SettleUnit;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;

import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** A Lapwing server as a broker: messages go over HTTP, events come over WebSockets. */
final class RemoteTransport implements Transport {

    private final ServerClient server;
    private final Executor executor;
    private final Capabilities capabilities;
    private final Link link;
    private final RemoteSender sender;
    private final TransportContext context;

    private RemoteTransport(
            RemoteSettings settings,
            ServerClient server,
            Executor executor,
            Capabilities capabilities,
            TransportContext context) {
        this.server = server;
        this.executor = executor;
        this.capabilities = capabilities;
        this.context = context;
        var backoff = new Backoff(settings.longestPause(), new SplittableRandom());
        this.link =
                new Link(
                        () -> ServerInfo.ask(server).thenAccept(info -> {}),
                        context,
                        backoff,
                        executor);
        this.sender =
                new RemoteSender(new Publishing(server, link::lost), executor, settings.lanes());
    }

    /**
     * Asks the server what it can do.
     *
     * @throws ConnectionFailedException if no Lapwing server answers
     */
    static RemoteTransport connect(RemoteSettings settings, TransportContext context) {
        Executor executor = Executors.newVirtualThreadPerTaskExecutor();
        var server = new ServerClient(settings, executor);
        try {
            context.state().accept(new ConnectionState.Connecting());
            ServerInfo info = ServerInfo.ask(server).join();
            context.state().accept(new ConnectionState.Connected());
            return new RemoteTransport(settings, server, executor, info.capabilities(), context);
        } catch (CompletionException e) {
            server.close();
            throw unreachable(settings, e);
        }
    }

    static ConnectionFailedException unreachable(RemoteSettings settings, Throwable failure) {
        return new ConnectionFailedException(
                "No Lapwing server answers at %s: %s. Start one with: lapwing serve"
                        .formatted(settings.server(), ServerClient.reason(failure)),
                failure);
    }

    @Override
    public Capabilities capabilities() {
        return capabilities;
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
        var receiver = new RemoteReceiver(server, link, request, listener, executor);
        try {
            receiver.open().join();
            return receiver;
        } catch (CompletionException e) {
            receiver.close();
            throw Refusals.error(request.topics().toString(), e);
        }
    }

    @Override
    public Administration administration() {
        throw new dev.lapwing.UnsupportedCapabilityException(
                capabilities.transport(),
                Capability.ADMINISTRATION,
                capabilities.entry(Capability.ADMINISTRATION).note());
    }

    @Override
    public void close() {
        link.close();
        sender.close();
        server.close();
        context.state().accept(new ConnectionState.Closed("closed by this program"));
    }
}
