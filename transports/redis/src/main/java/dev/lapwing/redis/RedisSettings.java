// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.BrokerAddress;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportUri;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a connection URI says.
 *
 * @param address the servers, tried in this order, and the login
 * @param database the number of the database
 * @param tls whether the link is encrypted
 * @param ca the certificates to trust, as PEM; empty: those of the Java runtime
 * @param pubsub whether topics are channels; otherwise streams
 * @param prefix what stands before the topic in a key or a channel
 * @param payloadField the field of an entry that holds the payload
 * @param maxLength about how many entries of a stream are kept; 0: all
 * @param maxAge about how long entries are kept; zero: for ever
 * @param dedupeWindow how long an id is remembered; zero: not at all
 * @param connectTimeout how long connecting may take
 * @param heartbeat how long the server may be silent before it is asked for a sign of life
 * @param bufferBytes how many bytes wait for a slow subscriber of a channel
 */
record RedisSettings(
        BrokerAddress address,
        int database,
        boolean tls,
        Optional<Path> ca,
        boolean pubsub,
        String prefix,
        String payloadField,
        long maxLength,
        Duration maxAge,
        Duration dedupeWindow,
        Duration connectTimeout,
        Duration heartbeat,
        long bufferBytes) {

    private static final int PORT = 6379;
    private static final Duration LONGEST = Duration.ofDays(36_500);

    static final List<TransportOption> OPTIONS =
            List.of(
                    new TransportOption(
                            "mode",
                            "streams | pubsub",
                            "streams",
                            "Whether a topic is a stream, which is kept, or a channel of Pub/Sub,"
                                    + " which is heard by those who listen now."),
                    new TransportOption(
                            "prefix",
                            "text",
                            "",
                            "What stands before the topic in the name of its key or channel."),
                    new TransportOption(
                            "payload-field",
                            "text",
                            "data",
                            "The field of a stream's entry that holds the payload."),
                    new TransportOption(
                            "max-length",
                            "a number; 0: all",
                            "0",
                            "About how many entries of a stream are kept: each publish trims it;"
                                    + " dead letters are not trimmed."),
                    new TransportOption(
                            "max-age",
                            "a duration such as 7d; 0s: for ever",
                            "0s",
                            "About how long entries are kept: each publish trims what is older;"
                                    + " dead letters are not trimmed."),
                    new TransportOption(
                            "dedupe-window",
                            "a duration up to 7d; 0s: no deduplication",
                            "0s",
                            "How long the id of a message is remembered, so that publishing it"
                                    + " again to the same topic stores nothing; costs a key for"
                                    + " each message."),
                    new TransportOption(
                            "buffer",
                            "a size from 64KiB",
                            "16MiB",
                            "With mode=pubsub: how many bytes wait for a slow subscriber; what does"
                                    + " not fit is dropped and told as a gap."),
                    new TransportOption(
                            "ca",
                            "a PEM file",
                            "",
                            "With rediss: the certificates to trust, instead of those of the Java"
                                    + " runtime."),
                    new TransportOption(
                            "connect-timeout",
                            "a duration from 100ms to 5m",
                            "5s",
                            "How long connecting to a server may take."),
                    new TransportOption(
                            "heartbeat",
                            "a duration from 100ms to 5m",
                            "5s",
                            "How often a link is asked for a sign of life; one that is silent for"
                                    + " twice as long is made anew."));

    /**
     * Reads a URI.
     *
     * @throws InvalidUriException if the address or a value is not valid
     */
    static RedisSettings of(TransportUri uri) {
        BrokerAddress address = BrokerAddress.of(uri, PORT);
        Duration maxAge = duration(uri, "max-age", Duration.ZERO, Duration.ZERO, LONGEST);
        long maxLength = uri.number("max-length", 0, 0, Long.MAX_VALUE);
        if (maxLength > 0 && maxAge.isPositive()) {
            throw new InvalidUriException(
                    "%s has max-length and max-age; Redis trims by one of them, leave one out"
                            .formatted(uri));
        }
        String field = uri.option("payload-field").orElse("data");
        if (field.isEmpty()) {
            throw invalid(uri, "payload-field", "the name of a field");
        }
        return new RedisSettings(
                address,
                database(uri, address),
                uri.scheme().equals(RedisProvider.TLS),
                uri.option("ca").map(name -> ca(uri, name)),
                uri.choice("mode", "streams", List.of("streams", "pubsub")).equals("pubsub"),
                uri.option("prefix").orElse(""),
                field,
                maxLength,
                maxAge,
                duration(uri, "dedupe-window", Duration.ZERO, Duration.ZERO, Duration.ofDays(7)),
                duration(
                        uri,
                        "connect-timeout",
                        Duration.ofSeconds(5),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(5)),
                duration(
                        uri,
                        "heartbeat",
                        Duration.ofSeconds(5),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(5)),
                buffer(uri));
    }

    private static int database(TransportUri uri, BrokerAddress address) {
        String path = address.path().orElse("");
        if (path.isEmpty()) {
            return 0;
        }
        try {
            int database = Integer.parseInt(path);
            if (database >= 0) {
                return database;
            }
        } catch (NumberFormatException e) {
            throw noDatabase(uri, path, e);
        }
        throw noDatabase(uri, path, null);
    }

    private static InvalidUriException noDatabase(
            TransportUri uri, String path, @org.jspecify.annotations.Nullable Exception cause) {
        return new InvalidUriException(
                "'%s' in %s is not a database; it must be a number from 0 up, as in %s://host:6379/0"
                        .formatted(path, uri, uri.scheme()),
                cause);
    }

    private static Path ca(TransportUri uri, String name) {
        if (!uri.scheme().equals(RedisProvider.TLS)) {
            throw new InvalidUriException(
                    "Option 'ca' in %s is for TLS; write rediss:// for an encrypted link"
                            .formatted(uri));
        }
        Path file = Path.of(name);
        if (!Files.isReadable(file)) {
            throw invalid(uri, "ca", "a PEM file that can be read");
        }
        return file;
    }

    private static Duration duration(
            TransportUri uri, String name, Duration standard, Duration least, Duration most) {
        Duration value = uri.duration(name, standard);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw invalid(uri, name, "a duration from %s to %s".formatted(least, most));
        }
        return value;
    }

    private static long buffer(TransportUri uri) {
        long bytes = uri.bytes("buffer", 16 << 20);
        if (bytes < 64 << 10) {
            throw invalid(uri, "buffer", "a size from 64KiB");
        }
        return bytes;
    }

    private static InvalidUriException invalid(TransportUri uri, String name, String need) {
        return new InvalidUriException(
                "Option '%s' is '%s' in %s; it must be %s"
                        .formatted(name, uri.option(name).orElse(""), uri, need));
    }

    /** Whether ids are remembered. */
    boolean dedupes() {
        return dedupeWindow.isPositive();
    }

    /** The servers, for people. */
    String shown() {
        return address.shown();
    }

    /** Without the password. */
    @Override
    public String toString() {
        return (tls ? RedisProvider.TLS : RedisProvider.NAME) + "://" + address;
    }
}
