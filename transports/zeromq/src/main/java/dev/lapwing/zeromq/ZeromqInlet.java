// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.Capability;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.UnsupportedCapabilityException;

import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import org.zeromq.ZMonitor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A socket that reads, and the receivers that it reads for. Where sockets connect, a subscriber has
 * one of its own; a port that is opened, and a worker's socket, are shared. Used on the loop only.
 *
 * <p>It reads no more than its receivers have credit for: what waits stays in the socket, then on
 * the wire, then with the sender, up to the high-water mark of each.
 */
final class ZeromqInlet implements ZeromqLoop.Port {

    private static final int TURN = 512;
    private static final Duration SHORTEST_GRACE = Duration.ofMillis(250);

    private final ZeromqTransport transport;
    private final ZeromqSettings settings;
    private final ZeromqEnds ends;
    private final ZeromqShare share;
    private final ZeromqMessages messages;
    private final boolean subscribes;
    private final List<ZeromqReceiver> receivers = new ArrayList<>();
    private final Deque<Message> pending = new ArrayDeque<>();
    private final Set<String> peers = new HashSet<>();
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private ZMQ.@Nullable Socket socket;
    private Optional<String> first = Optional.empty();
    private int mostPeers;
    private String joinTopic = "";
    private boolean joining;

    /** Whether something listens at the other end, of which the first attempt tells. */
    private boolean listens;

    ZeromqInlet(ZeromqTransport transport, ZeromqSettings settings, ZeromqMessages messages) {
        this.transport = transport;
        this.settings = settings;
        this.messages = messages;
        ends = settings.reads();
        subscribes = settings.mode().reads() == SocketType.SUB;
        share = subscribes ? new ZeromqShare.All() : new ZeromqShare.InTurns(ends);
    }

    @Override
    public ZMQ.@Nullable Socket socket() {
        return socket;
    }

    /** Whether it tries to reach one of these endpoints. */
    boolean connectsTo(ZeromqEnds others) {
        return !ends.binds() && ends.endpoints().stream().anyMatch(others.endpoints()::contains);
    }

    /** Whether a peer has all its subscriptions. */
    boolean isJoined() {
        return !joining && !peers.isEmpty();
    }

    boolean isJoining() {
        return joining;
    }

    /**
     * Does nothing if a member of this group can read here.
     *
     * @throws UnsupportedCapabilityException if those who read here are another group
     */
    void checkGroup(Optional<String> group) {
        if (receivers.isEmpty()) {
            first = group;
        } else if (!first.equals(group)) {
            throw new UnsupportedCapabilityException(
                    settings.mode().capabilities().transport(),
                    Capability.GROUPS,
                    "one address has one group of workers, here '%s': use another address for the group '%s'"
                            .formatted(first.orElse(""), group.orElse("")));
        }
    }

    /** Adds a receiver; completes when it is in force. */
    CompletableFuture<Void> add(ZeromqReceiver receiver) {
        var inForce = new CompletableFuture<Void>();
        ZMQ.Socket open = socket;
        if (open == null) {
            open = transport.sockets().make(settings.mode().reads(), ends, this::happened);
            socket = open;
        }
        receivers.add(receiver);
        if (subscribes) {
            open.subscribe(ZeromqNames.prefix(receiver.topics()));
        }
        waiting.add(inForce);
        if (receivers.size() == 1) {
            open(open);
        } else {
            join();
        }
        return inForce;
    }

    private void open(ZMQ.Socket opened) {
        try {
            ZeromqSockets.open(opened, ends);
        } catch (ZMQException e) {
            fail(ZeromqErrors.notOpened(ends, e));
            return;
        }
        transport.loop().add(this);
        if (ends.binds()) {
            complete();
        } else {
            transport.loop().after(settings.connectTimeout(), this::nobodyAnswers);
        }
    }

    private void nobodyAnswers() {
        if (socket == null) {
            return;
        }
        if (peers.isEmpty() && settings.binds() == ZeromqSettings.Binds.NONE) {
            fail(ZeromqErrors.notReached(ends, settings));
        } else if (!joining) {
            complete();
        }
    }

    private void complete() {
        List<CompletableFuture<Void>> done = List.copyOf(waiting);
        waiting.clear();
        done.forEach(each -> each.complete(null));
    }

    private void fail(LapwingException failure) {
        List<CompletableFuture<Void>> done = List.copyOf(waiting);
        waiting.clear();
        done.forEach(each -> each.completeExceptionally(failure));
    }

    private void happened(ZMonitor.Event event, String peer) {
        if (socket == null) {
            return;
        }
        switch (event) {
            case HANDSHAKE_PROTOCOL -> {
                peers.add(peer);
                mostPeers = Math.max(mostPeers, peers.size());
                join();
            }
            case DISCONNECTED -> {
                if (!ends.binds() && peers.remove(peer)) {
                    lost("the connection to " + ends + " broke", Duration.ZERO);
                }
            }
            case HANDSHAKE_FAILED_AUTH -> fail(ZeromqErrors.denied(ends, settings));
            case CONNECT_RETRIED -> {
                if (peers.size() < mostPeers) {
                    lost(ends + " does not answer", settings.longestPause());
                } else if (settings.binds() != ZeromqSettings.Binds.NONE && !listens) {
                    complete();
                }
            }
            case CONNECTED -> listens = true;
            default -> {}
        }
    }

    private void lost(String reason, Duration pause) {
        if (!ends.binds()) {
            transport.link().lost(this, reason, pause);
        }
    }

    /** Begins to find out whether the peers have seen the subscriptions. */
    private void join() {
        ZMQ.Socket open = socket;
        if (open == null) {
            return;
        }
        if (!subscribes || peers.isEmpty()) {
            joined();
            return;
        }
        forgetJoin(open);
        joinTopic = ZeromqJoin.TOPIC + transport.nextToken();
        joining = true;
        open.subscribe(joinTopic);
        String waitsFor = joinTopic;
        Duration grace =
                settings.settle().compareTo(SHORTEST_GRACE) < 0
                        ? SHORTEST_GRACE
                        : settings.settle();
        transport.loop().after(grace, () -> seen(waitsFor));
    }

    private void forgetJoin(ZMQ.Socket open) {
        if (!joinTopic.isEmpty()) {
            open.unsubscribe(joinTopic);
            joinTopic = "";
        }
    }

    /** The subscriptions up to this topic are in force: they were seen, or have had their time. */
    void seen(String topic) {
        ZMQ.Socket open = socket;
        if (joining && open != null && topic.equals(joinTopic)) {
            forgetJoin(open);
            joined();
        }
    }

    private void joined() {
        joining = false;
        if (peers.size() >= mostPeers) {
            transport.link().up(this);
        }
        complete();
        transport.outlet().lookAgain();
    }

    @Override
    public boolean work() {
        ZMQ.Socket open = socket;
        if (open == null) {
            return false;
        }
        boolean moved = false;
        for (int turn = 0; turn < TURN && dispatch() && mayRead(); turn++) {
            Message message = messages.receive(open);
            if (message == null) {
                break;
            }
            moved = true;
            if (ZeromqJoin.isJoin(message.topic())) {
                answered(message.topic());
            } else {
                pending.add(message);
            }
        }
        for (int at = 0; at < receivers.size(); at++) {
            receivers.get(at).flush();
        }
        return moved;
    }

    private boolean mayRead() {
        return share.hasRoom(receivers) || (joining && pending.size() < settings.hwm());
    }

    /** Hands out what was read; true if reading more makes sense. */
    private boolean dispatch() {
        while (!pending.isEmpty()) {
            if (!share.hand(pending.peek(), receivers)) {
                return joining;
            }
            pending.remove();
        }
        return true;
    }

    /** A publisher answered; one in this transport tells by itself what it has seen. */
    private void answered(String topic) {
        if (transport.outlet().socket() == null) {
            seen(topic);
        }
    }

    /** Takes a receiver out; closes the socket behind the last one. */
    void remove(ZeromqReceiver receiver) {
        ZMQ.Socket open = socket;
        if (!receivers.remove(receiver) || open == null) {
            return;
        }
        if (receivers.isEmpty()) {
            close();
        } else if (subscribes) {
            open.unsubscribe(ZeromqNames.prefix(receiver.topics()));
        }
    }

    void close() {
        ZMQ.Socket open = socket;
        if (open != null) {
            socket = null;
            pending.clear();
            peers.clear();
            mostPeers = 0;
            joining = false;
            joinTopic = "";
            transport.loop().remove(this);
            transport.link().up(this);
            transport.closed(this);
            open.close();
            complete();
        }
    }
}
