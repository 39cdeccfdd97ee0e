// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportMode;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Set;

/** Opens connections over ZeroMQ: {@code zmq+tcp://HOST:PORT}. */
public final class ZeromqProvider implements TransportProvider {

    private static final String DURATION = "a duration such as 500ms";

    /** For the service loader. */
    public ZeromqProvider() {}

    @Override
    public String name() {
        return "zeromq";
    }

    @Override
    public Set<String> schemes() {
        return Set.of(ZeromqSettings.SCHEME, ZeromqSettings.IPC);
    }

    @Override
    public List<TransportOption> options() {
        return List.of(
                new TransportOption(
                        ZeromqSettings.MODE,
                        "pubsub | pushpull",
                        "pubsub",
                        "Whether everybody gets a message, or one of the workers."),
                new TransportOption(
                        ZeromqSettings.BIND,
                        "publisher | subscriber | none",
                        "publisher",
                        "Who opens the port; the other side connects to it. With none, a forwarder"
                                + " stands in between."),
                new TransportOption(
                        ZeromqSettings.PUBLISH,
                        "HOST:PORT",
                        "the address of the URI",
                        "Where messages are sent, if it is not where they are read: 0.0.0.0:5555 to"
                                + " open the port to other machines, or a forwarder's other port."),
                new TransportOption(
                        ZeromqSettings.HWM,
                        "a number of messages",
                        "1000",
                        "How many messages wait for one peer, on each side."),
                new TransportOption(
                        ZeromqSettings.OVERFLOW,
                        "block | refuse | drop",
                        "block",
                        "What becomes of a message for which there is no room: it waits, is"
                                + " refused, or (pubsub only) is dropped for the slow peer."),
                new TransportOption(
                        ZeromqSettings.SEND_TIMEOUT,
                        DURATION,
                        "10s",
                        "How long a message waits for room before it is refused."),
                new TransportOption(
                        ZeromqSettings.SETTLE,
                        DURATION,
                        "500ms",
                        "How long a publisher that has just opened or found its port holds its"
                                + " messages, so that subscribers that wait can join."),
                new TransportOption(
                        ZeromqSettings.CONNECT_TIMEOUT,
                        DURATION,
                        "5s",
                        "How long a peer may take to answer."),
                new TransportOption(
                        ZeromqSettings.HEARTBEAT,
                        "a duration from 10ms; 0s for none",
                        "2s",
                        "How often the other side is asked for a sign of life; it is taken for gone"
                                + " when there is none for as long again."),
                new TransportOption(
                        ZeromqSettings.LONGEST_PAUSE,
                        DURATION,
                        "250ms",
                        "How long the pause between two attempts to connect grows; keep it below"
                                + " settle."),
                new TransportOption(
                        ZeromqSettings.LINGER,
                        DURATION,
                        "5s",
                        "How long closing waits until peers have taken what was sent."));
    }

    @Override
    public List<TransportMode> modes() {
        return List.of(
                new TransportMode("zeromq", "zmq+tcp://127.0.0.1:5555", ZeromqCapabilities.PUBSUB),
                new TransportMode(
                        "zeromq, push and pull",
                        "zmq+tcp://127.0.0.1:5555?mode=pushpull",
                        ZeromqCapabilities.PUSHPULL));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        return ZeromqTransport.connect(ZeromqSettings.of(uri), context);
    }
}
