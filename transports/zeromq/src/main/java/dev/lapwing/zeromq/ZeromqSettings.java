// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.BrokerAddress;
import dev.lapwing.spi.TransportUri;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a connection URI says.
 *
 * @param readFrom where messages are read: one endpoint or more, in JeroMQ's notation
 * @param sendTo where messages are sent; the same as {@code readFrom} unless the URI says otherwise
 * @param mode what the sockets do with a message
 * @param binds who opens the port
 * @param hwm how many messages wait for one peer, on each side, before the overflow rule holds
 * @param overflow what becomes of a message for which there is no room
 * @param sendTimeout how long a message may wait for room
 * @param settle how long who sends waits for the subscriptions of the other side
 * @param connectTimeout how long a peer may take to answer
 * @param heartbeat how often the other side is asked for a sign of life; zero: never
 * @param longestPause how long the pause between two attempts to connect grows
 * @param linger how long closing waits for what is not yet handed over
 * @param login the user and the password of PLAIN, if they are given
 */
record ZeromqSettings(
        List<String> readFrom,
        List<String> sendTo,
        ZeromqMode mode,
        Binds binds,
        int hwm,
        Overflow overflow,
        Duration sendTimeout,
        Duration settle,
        Duration connectTimeout,
        Duration heartbeat,
        Duration longestPause,
        Duration linger,
        Optional<Login> login) {

    static final String SCHEME = "zmq+tcp";
    static final String IPC = "zmq+ipc";
    static final String MODE = "mode";
    static final String BIND = "bind";
    static final String PUBLISH = "publish";
    static final String HWM = "hwm";
    static final String OVERFLOW = "overflow";
    static final String SEND_TIMEOUT = "send-timeout";
    static final String SETTLE = "settle";
    static final String CONNECT_TIMEOUT = "connect-timeout";
    static final String HEARTBEAT = "heartbeat";
    static final String LONGEST_PAUSE = "longest-pause";
    static final String LINGER = "linger";

    /** The port of an address that names none, as in ZeroMQ's own guide. */
    static final int STANDARD_PORT = 5555;

    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(10);

    /** Who opens the port; the others connect to it. */
    enum Binds {
        /** Who sends: one program. Any number of others read. */
        PUBLISHER,
        /** Who reads: one program. Any number of others send. */
        SUBSCRIBER,
        /** Neither: a forwarder or a device of ZeroMQ stands in between. */
        NONE
    }

    /** What becomes of a message for which there is no room. */
    enum Overflow {
        /** It waits for room, up to the send time-out; then it is refused. */
        BLOCK,
        /** It is refused at once. */
        REFUSE,
        /** It is dropped for the slow peer and told to nobody, as a plain PUB socket does. */
        DROP
    }

    /** The name and password of PLAIN. */
    record Login(String user, String password) {
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * Reads the URI.
     *
     * @throws InvalidUriException if the address or a value is not valid
     */
    static ZeromqSettings of(TransportUri uri) {
        if (uri.scheme().equals(IPC)) {
            throw new InvalidUriException(
                    "%s cannot be opened: the ipc of the Java library is TCP on a port made of the name, and no other ZeroMQ client can join it; use %s://127.0.0.1:%d"
                            .formatted(uri, SCHEME, STANDARD_PORT));
        }
        BrokerAddress address = BrokerAddress.of(uri, STANDARD_PORT);
        if (address.path().isPresent()) {
            throw new InvalidUriException(
                    "%s has a path; a ZeroMQ address is a host and a port, like %s://127.0.0.1:%d"
                            .formatted(uri, SCHEME, STANDARD_PORT));
        }
        List<String> readFrom = endpoints(address);
        ZeromqMode mode = ZeromqMode.of(uri.choice(MODE, "pubsub", List.of("pubsub", "pushpull")));
        var settings =
                new ZeromqSettings(
                        readFrom,
                        uri.option(PUBLISH).map(text -> sendTo(uri, text)).orElse(readFrom),
                        mode,
                        binds(uri),
                        (int) uri.number(HWM, 1000, 1, 10_000_000),
                        overflow(uri, mode),
                        uri.duration(SEND_TIMEOUT, Duration.ofSeconds(10)),
                        uri.duration(SETTLE, Duration.ofMillis(500)),
                        atLeast(uri, CONNECT_TIMEOUT, Duration.ofSeconds(5), SHORTEST_PAUSE),
                        heartbeat(uri),
                        atLeast(uri, LONGEST_PAUSE, Duration.ofMillis(250), SHORTEST_PAUSE),
                        uri.duration(LINGER, Duration.ofSeconds(5)),
                        login(uri, address));
        settings.checkBound(uri);
        return settings;
    }

    private static List<String> endpoints(BrokerAddress address) {
        return address.hosts().stream().map(host -> "tcp://" + host).toList();
    }

    private static List<String> sendTo(TransportUri uri, String text) {
        var place = new TransportUri(uri.scheme(), "//" + text, uri.options());
        return endpoints(BrokerAddress.of(place, STANDARD_PORT));
    }

    private static Binds binds(TransportUri uri) {
        return switch (uri.choice(BIND, "publisher", List.of("publisher", "subscriber", "none"))) {
            case "subscriber" -> Binds.SUBSCRIBER;
            case "none" -> Binds.NONE;
            default -> Binds.PUBLISHER;
        };
    }

    private static Overflow overflow(TransportUri uri, ZeromqMode mode) {
        return switch (uri.choice(OVERFLOW, "block", mode.overflows())) {
            case "refuse" -> Overflow.REFUSE;
            case "drop" -> Overflow.DROP;
            default -> Overflow.BLOCK;
        };
    }

    private static Optional<Login> login(TransportUri uri, BrokerAddress address) {
        if (address.user().isEmpty() && address.password().isEmpty()) {
            return Optional.empty();
        }
        if (address.user().isEmpty() || address.password().isEmpty()) {
            throw new InvalidUriException(
                    "%s has a user without a password, or a password without a user; PLAIN needs both"
                            .formatted(uri));
        }
        return Optional.of(new Login(address.user().get(), address.password().get()));
    }

    private static Duration heartbeat(TransportUri uri) {
        Duration standard = Duration.ofSeconds(2);
        return uri.duration(HEARTBEAT, standard).isZero()
                ? Duration.ZERO
                : atLeast(uri, HEARTBEAT, standard, SHORTEST_PAUSE);
    }

    private static Duration atLeast(
            TransportUri uri, String name, Duration standard, Duration least) {
        Duration value = uri.duration(name, standard);
        if (value.compareTo(least) < 0) {
            throw new InvalidUriException(
                    "Option '%s' is %dms in %s; it must be at least %dms"
                            .formatted(name, value.toMillis(), uri, least.toMillis()));
        }
        return value;
    }

    private void checkBound(TransportUri uri) {
        List<String> bound = sends().binds() ? sendTo : reads().binds() ? readFrom : List.of();
        if (bound.size() > 1) {
            throw new InvalidUriException(
                    "%s names %d addresses, and one program can open only one of them; use %s=%s, or one address"
                            .formatted(
                                    uri,
                                    bound.size(),
                                    BIND,
                                    sends().binds() ? "subscriber" : "publisher"));
        }
        if (binds == Binds.NONE && sendTo.equals(readFrom)) {
            throw new InvalidUriException(
                    "Option '%s' is none in %s, and nobody would open the port; give the address where the forwarder takes messages with %s=HOST:PORT"
                            .formatted(BIND, uri, PUBLISH));
        }
    }

    /** The ends at which this program's sending sockets are. */
    ZeromqEnds sends() {
        return new ZeromqEnds(sendTo, binds == Binds.PUBLISHER);
    }

    /** The ends at which this program's reading sockets are. */
    ZeromqEnds reads() {
        return new ZeromqEnds(readFrom, binds == Binds.SUBSCRIBER);
    }
}
