// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.LapwingException;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMonitor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The socket that sends, opened by the first message, and the messages that wait for it. All but
 * {@link #send} is used on the loop only.
 *
 * <p>A publisher that has just opened its port, or found it, holds its messages for a moment: a PUB
 * socket drops what nobody has subscribed to yet, and subscribers that were there first need that
 * moment to join. Those of its own transport are waited for as long as it takes them.
 */
final class ZeromqOutlet implements ZeromqLoop.Port {

    private static final int TURN = 512;
    private static final byte[] NOTHING = {};

    private enum Phase {
        /** There is no socket. */
        CLOSED,
        /** Nobody answers at the other end. */
        ALONE,
        /** Subscribers join. */
        SETTLING,
        /** What is sent goes out. */
        OPEN
    }

    private final ZeromqTransport transport;
    private final ZeromqSettings settings;
    private final ZeromqEnds ends;
    private final ZeromqMessages messages;
    private final boolean publishes;
    private final Queue<SendRequest> queue = new ConcurrentLinkedQueue<>();
    private final Set<String> peers = new HashSet<>();
    private final ZeromqJoin join = new ZeromqJoin();
    private final CompletableFuture<Void> reached = new CompletableFuture<>();
    private ZMQ.@Nullable Socket socket;
    private Phase phase = Phase.CLOSED;
    private int mostPeers;
    private long settlesUntil;
    private long settlesAtMostUntil;
    private long blockedSince;
    private boolean blocked;

    ZeromqOutlet(ZeromqTransport transport, ZeromqSettings settings, ZeromqMessages messages) {
        this.transport = transport;
        this.settings = settings;
        this.messages = messages;
        ends = settings.sends();
        publishes = settings.mode().sends() == SocketType.XPUB;
    }

    @Override
    public ZMQ.@Nullable Socket socket() {
        return socket;
    }

    /** Takes messages; may be called from any thread. */
    void send(List<? extends SendRequest> batch) {
        queue.addAll(batch);
        transport.loop().wake();
    }

    /** Opens the socket now; completes when a peer answers, or fails. */
    CompletableFuture<Void> connect() {
        open();
        transport
                .loop()
                .after(
                        settings.connectTimeout(),
                        () ->
                                reached.completeExceptionally(
                                        ZeromqErrors.notReached(ends, settings)));
        return reached;
    }

    private void open() {
        ZMQ.Socket made = transport.sockets().make(settings.mode().sends(), ends, this::happened);
        if (publishes) {
            made.setXpubNoDrop(settings.overflow() != ZeromqSettings.Overflow.DROP);
        } else {
            made.setImmediate(false);
        }
        try {
            ZeromqSockets.open(made, ends);
        } catch (ZMQException e) {
            made.close();
            refuseAll(ZeromqErrors.bindFailed(ends, e));
            return;
        }
        socket = made;
        phase = Phase.ALONE;
        if (ends.binds()) {
            settle();
        }
    }

    private void happened(ZMonitor.Event event, String peer) {
        if (socket == null) {
            return;
        }
        switch (event) {
            case HANDSHAKE_PROTOCOL -> {
                peers.add(peer);
                mostPeers = Math.max(mostPeers, peers.size());
                if (!ends.binds()) {
                    settle();
                }
            }
            case DISCONNECTED -> {
                if (peers.remove(peer) && !ends.binds()) {
                    lost("the connection to " + ends + " broke", Duration.ZERO);
                }
            }
            case HANDSHAKE_FAILED_AUTH -> failed(ZeromqErrors.denied(ends, settings));
            case CONNECT_RETRIED -> {
                if (peers.size() < mostPeers) {
                    lost(ends + " does not answer", settings.longestPause());
                }
            }
            default -> {}
        }
    }

    private void failed(LapwingException failure) {
        if (!reached.completeExceptionally(failure) && peers.isEmpty()) {
            lost(String.valueOf(failure.getMessage()), settings.longestPause());
        }
    }

    private void lost(String reason, Duration pause) {
        if (peers.isEmpty()) {
            phase = Phase.ALONE;
        }
        transport.link().lost(this, reason, pause);
    }

    private void settle() {
        if (!publishes && settings.login().isEmpty()) {
            opened();
            return;
        }
        phase = Phase.SETTLING;
        settlesUntil = System.nanoTime() + settings.settle().toNanos();
        settlesAtMostUntil = settlesUntil + settings.connectTimeout().toNanos();
        transport.loop().after(settings.settle(), this::lookAgain);
        transport.loop().after(settings.settle().plus(settings.connectTimeout()), this::lookAgain);
    }

    /** Looks whether everybody has joined. */
    void lookAgain() {
        long now = System.nanoTime();
        if (phase == Phase.SETTLING
                && now - settlesUntil >= 0
                && (transport.hasJoined(ends) || now - settlesAtMostUntil >= 0)) {
            opened();
        }
    }

    private void opened() {
        phase = Phase.OPEN;
        reached.complete(null);
        if (peers.size() >= mostPeers || ends.binds()) {
            transport.link().up(this);
        }
    }

    @Override
    public boolean work() {
        if (phase == Phase.CLOSED) {
            if (queue.isEmpty()) {
                return false;
            }
            open();
        }
        ZMQ.Socket open = socket;
        if (open == null) {
            return false;
        }
        boolean read = publishes && readSubscriptions(open);
        return sendSome(open) || read;
    }

    private boolean readSubscriptions(ZMQ.Socket open) {
        boolean read = false;

        for (byte[] frame = open.recv(ZMQ.DONTWAIT);
                frame != null;
                frame = open.recv(ZMQ.DONTWAIT)) {
            read = true;
            if (frame.length > 0) {
                String prefix = new String(frame, 1, frame.length - 1, StandardCharsets.UTF_8);
                if (frame[0] == 1) {
                    subscribed(open, prefix);
                } else {
                    join.unsubscribed(prefix);
                }
            }
        }
        return read;
    }

    private void subscribed(ZMQ.Socket open, String prefix) {
        join.subscribed(prefix);
        if (ZeromqJoin.isJoin(prefix)) {
            if (join.mayAnswer()) {
                boolean unused =
                        open.send(
                                        prefix.getBytes(StandardCharsets.UTF_8),
                                        ZMQ.SNDMORE | ZMQ.DONTWAIT)
                                && open.send(NOTHING, ZMQ.DONTWAIT);
            }
            transport.seen(prefix);
        }
    }

    private boolean sendSome(ZMQ.Socket open) {
        int sent = 0;
        for (SendRequest request = queue.peek();
                request != null && sent < TURN;
                request = queue.peek()) {
            if (phase != Phase.OPEN || !messages.send(open, request.message())) {
                return noRoom(request) || sent > 0;
            }
            blocked = false;
            queue.remove();
            request.complete(
                    PublishResult.stored(
                            request.message().id().orElse(""), Optional.empty(), false));
            sent++;
        }
        return sent > 0;
    }

    /** Lets a message wait, or refuses it; true if it is refused. */
    private boolean noRoom(SendRequest request) {
        if (phase == Phase.SETTLING) {
            return false;
        }
        long now = System.nanoTime();
        if (!blocked) {
            blocked = true;
            blockedSince = now;
            transport.loop().after(settings.sendTimeout(), () -> {});
        }
        boolean waits =
                settings.overflow() == ZeromqSettings.Overflow.BLOCK
                        && now - blockedSince < settings.sendTimeout().toNanos();
        if (!waits) {
            queue.remove();
            request.complete(new PublishResult.Refused(why(), true));
        }
        return !waits;
    }

    private String why() {
        if (phase == Phase.ALONE) {
            return "no peer answers at " + ends;
        }
        return publishes
                ? "a subscriber is slow, and %d messages wait for it (hwm)"
                        .formatted(settings.hwm())
                : "no worker takes it: none is connected, or %d messages wait for each (hwm)"
                        .formatted(settings.hwm());
    }

    private void refuseAll(String reason) {
        for (SendRequest request = queue.poll(); request != null; request = queue.poll()) {
            request.complete(new PublishResult.Refused(reason, true));
        }
    }

    void close() {
        ZMQ.Socket open = socket;
        if (open != null) {
            socket = null;
            open.close();
        }
        transport.loop().remove(this);
        phase = Phase.CLOSED;
        for (SendRequest request = queue.poll(); request != null; request = queue.poll()) {
            request.complete(new PublishResult.Unknown("the connection was closed"));
        }
    }
}
