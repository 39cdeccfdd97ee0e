// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One subscription over a WebSocket, which is opened again behind the last event when it breaks.
 * The lock is never held while the listener is called.
 */
final class RemoteReceiver implements Receiver, Link.Resumable, EventSocket.Owner {

    private final ServerClient server;
    private final Link link;
    private final ReceiverListener listener;
    private final String topic;
    private final ResumePoint place;
    private final EventGate gate;
    private final Executor executor;

    private @Nullable EventSocket socket;
    private @Nullable EventConnection connection;
    private boolean ended;
    private volatile boolean progress;

    RemoteReceiver(
            ServerClient server,
            Link link,
            ReceiverRequest request,
            ReceiverListener listener,
            Executor executor) {
        this.server = server;
        this.link = link;
        this.listener = listener;
        this.executor = executor;
        this.topic = request.topics().toString();
        var topics = new Topics(server);
        this.place =
                request.topics().isPattern()
                        ? new PatternResume(topics, request.topics(), request.start())
                        : new TopicResume(topics, topic, request.start());
        this.gate = new EventGate(listener);
    }

    /** Subscribes; completes when it is in force. */
    CompletableFuture<Void> open() {
        return place.from().thenCompose(this::connect).thenAccept(opened -> link.add(this));
    }

    private CompletableFuture<EventConnection> connect(String from) {
        String path =
                "/subscribe/%s?format=json&from=%s"
                        .formatted(ServerAddress.encode(topic), ServerAddress.encode(from));
        return server.open(path, new EventSocket(this, server.heartbeat(), executor));
    }

    @Override
    public CompletableFuture<Void> resume() {
        synchronized (this) {
            if (ended || socket != null) {
                return CompletableFuture.completedFuture(null);
            }
        }
        return place.from()
                .thenCompose(this::connect)
                .handle((opened, failure) -> {
                    if (failure != null && !Refusals.isFinal(failure)) {
                        return CompletableFuture.<Void>failedFuture(failure);
                    }
                    if (failure != null) {
                        fail(Refusals.error(topic, failure));
                    }
                    return CompletableFuture.<Void>completedFuture(null);
                })
                .thenCompose(outcome -> outcome);
    }

    @Override
    public void opened(EventSocket newSocket, EventConnection newConnection) {
        synchronized (this) {
            if (!ended) {
                socket = newSocket;
                connection = newConnection;
                progress = false;
                gate.attach(newConnection);
                return;
            }
        }
        newConnection.abort();
    }

    @Override
    public boolean awaitsFrames() {
        return gate.hasCredit();
    }

    @Override
    public boolean frame(String text) {
        Frame frame;
        try {
            frame = FrameReader.read(text, topic);
        } catch (RuntimeException e) {
            fail(
                    new LapwingException(
                            "The server sent an event of '%s' that cannot be read".formatted(topic),
                            e));
            return true;
        }
        progress = true;
        return switch (frame) {
            case Frame.Event event -> deliver(event);
            case Frame.Missing(var gap) -> {
                listener.gap(gap);
                yield false;
            }
        };
    }

    private boolean deliver(Frame.Event event) {
        boolean fresh = place.advance(event);
        if (fresh) {
            gate.deliver(event.received());
        }
        return fresh;
    }

    @Override
    public void closed(EventSocket closedSocket, int code, String reason) {
        if (!forget(closedSocket)) {
            return;
        }
        switch (CloseCode.of(code)) {
            case SLOW -> resumeAtOnce();
            case REFUSED ->
                    fail(
                            new LapwingException(
                                    "The server ended the subscription of '%s': %s (close code %d)"
                                            .formatted(topic, reason, code)));
            case PASSING -> link.lost("the server closed the connection: " + reason);
        }
    }

    private void resumeAtOnce() {
        if (!progress) {
            link.lost("the server closed a subscription that read too slowly");
            return;
        }
        resume().whenComplete((resumed, failure) -> {
            if (failure != null) {
                link.lost(ServerClient.reason(failure));
            }
        });
    }

    @Override
    public void broken(EventSocket brokenSocket, Throwable failure) {
        if (forget(brokenSocket)) {
            link.lost(ServerClient.reason(failure));
        }
    }

    private synchronized boolean forget(EventSocket gone) {
        if (socket != gone) {
            return false;
        }
        gone.end();
        socket = null;
        connection = null;
        gate.detach();
        return !ended;
    }

    private void fail(LapwingException cause) {
        if (end()) {
            listener.failed(cause);
        }
    }

    /** Ends it; false if it had ended before. */
    private boolean end() {
        EventConnection open;
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            if (socket != null) {
                socket.end();
            }
            open = connection;
            connection = null;
        }
        link.remove(this);
        if (open != null) {
            open.close();
        }
        return true;
    }

    @Override
    public void grant(int deliveries) {
        gate.grant(deliveries);
    }

    /** The server keeps no account of deliveries: there is nothing to tell it. */
    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(SettleReport.allUnconfirmed());
    }

    @Override
    public CompletableFuture<Void> stop() {
        return gate.shut();
    }

    @Override
    public void close() {
        gate.shut();
        end();
    }
}
