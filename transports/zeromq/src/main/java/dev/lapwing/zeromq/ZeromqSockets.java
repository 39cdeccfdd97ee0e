// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMonitor;

import java.util.function.BiConsumer;

/** Makes sockets as the URI wants them. Used on the loop only. */
record ZeromqSockets(ZeromqLoop loop, ZeromqSettings settings) {

    private static final int SHORTEST_PAUSE_MILLIS = 50;

    /**
     * JeroMQ's poller can lose a connection that is made in the moment in which another one closes:
     * nothing is read from it any more. Then this time-out has it made again.
     */
    private static final int LONGEST_HANDSHAKE_MILLIS = 1000;

    private static final int EVENTS =
            ZMQ.EVENT_HANDSHAKE_PROTOCOL
                    | ZMQ.HANDSHAKE_FAILED_AUTH
                    | ZMQ.EVENT_DISCONNECTED
                    | ZMQ.EVENT_CONNECTED
                    | ZMQ.EVENT_CONNECT_RETRIED;

    /** Hears what happens to a socket's connections, on the loop. */
    interface Ear extends BiConsumer<ZMonitor.Event, String> {}

    /** A socket at these ends, not yet bound or connected. */
    ZMQ.Socket make(SocketType type, ZeromqEnds ends, Ear ear) {
        ZMQ.Socket socket = loop.context().socket(type);
        int longest = (int) settings.longestPause().toMillis();
        socket.setHWM(settings.hwm());
        socket.setLinger(sends(type) ? (int) settings.linger().toMillis() : 0);
        socket.setReconnectIVL(Math.min(SHORTEST_PAUSE_MILLIS, longest));
        socket.setReconnectIVLMax(longest);
        socket.setHandshakeIvl(
                (int) Math.min(LONGEST_HANDSHAKE_MILLIS, settings.connectTimeout().toMillis()));
        if (settings.heartbeat().isPositive()) {
            int interval = (int) settings.heartbeat().toMillis();
            socket.setHeartbeatIvl(interval);
            socket.setHeartbeatTimeout(interval - shorter(interval));
        }
        if (ends.endpoints().stream().anyMatch(endpoint -> endpoint.contains("["))) {
            socket.setIPv6(true);
        }
        settings.login().ifPresent(login -> secure(socket, ends, login));
        socket.setEventHook(
                event -> loop.execute(() -> ear.accept(event.getEvent(), event.getAddress())),
                EVENTS);
        return socket;
    }

    /**
     * How much shorter the time-out is than the interval. JeroMQ takes a time-out that begins while
     * a cancelled one is still in its list for cancelled, too, and with equal times that depends on
     * hash codes: a quarter of the links never found out that the other side was silent. So the
     * last one has to be due, and gone, before the next question.
     */
    private static int shorter(int interval) {
        return Math.max(1, interval / 10);
    }

    private static boolean sends(SocketType type) {
        return type == SocketType.XPUB || type == SocketType.PUSH;
    }

    private static void secure(ZMQ.Socket socket, ZeromqEnds ends, ZeromqSettings.Login login) {
        if (ends.binds()) {
            socket.setPlainServer(true);
        } else {
            socket.setPlainUsername(login.user());
            socket.setPlainPassword(login.password());
        }
    }

    /**
     * Opens the port, or begins to connect.
     *
     * @throws org.zeromq.ZMQException if the port cannot be opened
     */
    static void open(ZMQ.Socket socket, ZeromqEnds ends) {
        for (String endpoint : ends.endpoints()) {
            if (ends.binds()) {
                socket.bind(endpoint);
            } else {
                socket.connect(endpoint);
            }
        }
    }
}
