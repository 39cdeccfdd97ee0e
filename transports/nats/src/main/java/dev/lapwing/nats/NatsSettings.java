// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.BrokerAddress;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportUri;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the URI says.
 *
 * @param address where the servers are, and who connects
 * @param tls whether the link is encrypted
 * @param ca the file of the authority to trust, in PEM
 * @param credentials the file of a user's credentials
 * @param core whether messages go over core subjects and not through JetStream
 * @param stream the stream that all topics are in, if one was named
 * @param store how streams are made
 * @param connectTimeout how long one attempt to connect may take
 * @param ackTimeout how long an answer of the server may take
 * @param heartbeat how often a quiet link is asked whether it is alive
 * @param buffer how many messages of a core subscription wait for their consumer at the most
 */
record NatsSettings(
        BrokerAddress address,
        boolean tls,
        Optional<String> ca,
        Optional<String> credentials,
        boolean core,
        Optional<String> stream,
        Store store,
        Duration connectTimeout,
        Duration ackTimeout,
        Duration heartbeat,
        int buffer) {

    private static final int PORT = 4222;
    private static final List<String> OF_JETSTREAM =
            List.of("stream", "storage", "max-age", "max-bytes", "replicas", "duplicate-window");

    static final List<TransportOption> OPTIONS =
            List.of(
                    new TransportOption(
                            "mode",
                            "jetstream | core",
                            "jetstream",
                            "Whether messages are kept by JetStream, or pass over core subjects"
                                    + " that keep nothing."),
                    new TransportOption(
                            "stream",
                            "the name of a stream",
                            "",
                            "The stream that all topics are in; otherwise each first word of a"
                                + " topic has a stream of its own, unless one has the subject."),
                    new TransportOption(
                            "storage",
                            "file | memory",
                            "file",
                            "Where a stream keeps its messages, when it is made."),
                    new TransportOption(
                            "max-age",
                            "a duration such as 7d, 0s for no limit",
                            "0s",
                            "How long a stream keeps messages, when it is made."),
                    new TransportOption(
                            "max-bytes",
                            "a size such as 20GiB, 0 for no limit",
                            "0",
                            "How many bytes a stream keeps, when it is made; the oldest go first."),
                    new TransportOption(
                            "replicas",
                            "a number from 1 to 5",
                            "1",
                            "How many servers hold a stream, when it is made."),
                    new TransportOption(
                            "duplicate-window",
                            "a duration such as 2m",
                            "2m",
                            "How long a stream recognises message ids, when it is made."),
                    new TransportOption(
                            "ca",
                            "a file in PEM",
                            "what the JDK trusts",
                            "The authority that the server's certificate must come from."),
                    new TransportOption(
                            "credentials",
                            "a file",
                            "",
                            "The credentials (JWT and seed) of the user who connects."),
                    new TransportOption(
                            "connect-timeout",
                            "a duration such as 5s",
                            "5s",
                            "How long one attempt to connect may take."),
                    new TransportOption(
                            "ack-timeout",
                            "a duration such as 5s",
                            "5s",
                            "How long the server may take to answer before the result is unknown."),
                    new TransportOption(
                            "heartbeat",
                            "a duration such as 5s",
                            "5s",
                            "How often a quiet link is asked whether it is alive; it is given up"
                                    + " after two that are not answered."),
                    new TransportOption(
                            "buffer",
                            "a number of messages",
                            "65536",
                            "How many messages of a core subscription wait for a slow consumer;"
                                    + " what comes beyond is dropped and told as a gap."));

    /**
     * How a stream is made that is not there yet.
     *
     * @param memory whether it is kept in memory only
     * @param maxAge how long messages stay; zero for ever
     * @param maxBytes how many bytes stay; zero for all
     */
    record Store(
            boolean memory,
            Duration maxAge,
            long maxBytes,
            int replicas,
            Duration duplicateWindow) {}

    static NatsSettings of(TransportUri uri) {
        boolean core = uri.choice("mode", "jetstream", List.of("jetstream", "core")).equals("core");
        boolean tls = !uri.scheme().equals("nats");
        refuse(uri, core ? OF_JETSTREAM : List.of("buffer"), core ? "mode=jetstream" : "mode=core");
        refuse(uri, tls ? List.of() : List.of("ca"), "tls:// and nats+tls://");
        return new NatsSettings(
                BrokerAddress.of(uri, PORT),
                tls,
                uri.option("ca"),
                uri.option("credentials"),
                core,
                uri.option("stream").map(name -> checkStream(uri, name)),
                store(uri),
                positive(uri, "connect-timeout"),
                positive(uri, "ack-timeout"),
                positive(uri, "heartbeat"),
                (int) uri.number("buffer", 1 << 16, 1, 1 << 24));
    }

    private static Store store(TransportUri uri) {
        Duration maxAge = uri.duration("max-age", Duration.ZERO);
        Duration window = uri.duration("duplicate-window", Duration.ofMinutes(2));
        boolean tooLong = maxAge.isPositive() && window.compareTo(maxAge) > 0;
        return new Store(
                uri.choice("storage", "file", List.of("file", "memory")).equals("memory"),
                maxAge,
                uri.bytes("max-bytes", 0),
                (int) uri.number("replicas", 1, 1, 5),
                tooLong ? maxAge : window);
    }

    private static Duration positive(TransportUri uri, String option) {
        Duration value = uri.duration(option, Duration.ofSeconds(5));
        if (!value.isPositive()) {
            throw new InvalidUriException(
                    "Option '%s' is %s in %s; it must be above zero".formatted(option, value, uri));
        }
        return value;
    }

    private static String checkStream(TransportUri uri, String name) {
        if (!NatsNames.isPlain(name)) {
            throw new InvalidUriException(
                    "Option 'stream' is '%s' in %s; a stream's name has printable ASCII without white space, '.', '*', '>', '/' and '\\'"
                            .formatted(name, uri));
        }
        return name;
    }

    private static void refuse(TransportUri uri, List<String> options, String belongsTo) {
        for (String option : options) {
            if (uri.option(option).isPresent()) {
                throw new InvalidUriException(
                        "Option '%s' in %s belongs to %s; leave it out, or change the other"
                                .formatted(option, uri, belongsTo));
            }
        }
    }
}
