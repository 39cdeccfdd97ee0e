// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.BrokerAddress;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportUri;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a connection URI says, read and checked.
 *
 * @param address the brokers to begin with, and who connects
 * @param security what the clients need to connect, as Kafka's own settings
 * @param sharesGroups whether groups are share groups
 * @param protocol how consumer groups are run
 * @param partitions how many partitions a new topic has
 * @param replication how many copies a new topic has; -1 for the broker's default
 * @param create whether topics are made on first use
 * @param connectTimeout how long connecting may take
 * @param deliveryTimeout how long a send may take before it is called unknown
 * @param handover how long a partition that must be given up waits for handlers
 * @param refresh how often new topics and partitions are looked for
 * @param maxPollInterval Kafka's max.poll.interval.ms
 * @param sessionTimeout how long a silent member of a classic group keeps its partitions
 * @param linger how long a send may wait for others to go with it
 * @param compression how batches are compressed
 */
record KafkaSettings(
        BrokerAddress address,
        Map<String, Object> security,
        boolean sharesGroups,
        Protocol protocol,
        int partitions,
        short replication,
        boolean create,
        Duration connectTimeout,
        Duration deliveryTimeout,
        Duration handover,
        Duration refresh,
        Duration maxPollInterval,
        Duration sessionTimeout,
        Duration linger,
        String compression) {

    /** How consumer groups are run. */
    enum Protocol {
        /** The new protocol where the broker has it. */
        AUTO,
        /** The members assign partitions. */
        CLASSIC,
        /** The broker assigns partitions (KIP-848). */
        CONSUMER
    }

    private static final int PORT = 9092;
    private static final List<String> YES_NO = List.of("true", "false");

    static final List<TransportOption> OPTIONS =
            List.of(
                    option(
                            "protocol",
                            "auto | classic | consumer",
                            "auto",
                            "How consumer groups are run; auto takes the new protocol where the"
                                    + " broker has it."),
                    option(
                            "groups",
                            "consumer | share",
                            "consumer",
                            "What a group is: a consumer group, which settles whole partitions up"
                                    + " to an offset, or a share group, which settles single"
                                    + " messages."),
                    option(
                            "partitions",
                            "a number from 1 to 10000",
                            "4, with share groups 1",
                            "How many partitions a topic gets that Lapwing makes."),
                    option(
                            "replication",
                            "a number from 1 to 100",
                            "the broker's",
                            "How many copies a topic gets that Lapwing makes."),
                    option(
                            "create",
                            "true | false",
                            "true",
                            "Whether a topic is made when it is first used."),
                    option("tls", "true | false", "false", "Whether the link is encrypted."),
                    option(
                            "ca",
                            "a file",
                            "those that Java trusts",
                            "The certificates to trust, in PEM."),
                    option(
                            "sasl",
                            "plain | scram-sha-256 | scram-sha-512",
                            "plain",
                            "How user and password are shown to the broker."),
                    option("connect-timeout", "a duration", "5s", "How long connecting may take."),
                    option(
                            "delivery-timeout",
                            "a duration from 1s to 1h",
                            "25s",
                            "How long a send may take before its end is called unknown."),
                    option(
                            "handover",
                            "a duration up to 1m",
                            "500ms",
                            "How long a partition that goes to another member waits for handlers"
                                    + " at work."),
                    option(
                            "refresh",
                            "a duration from 100ms to 1h",
                            "5s",
                            "How often new topics and partitions are looked for."),
                    option(
                            "max-poll-interval",
                            "a duration from 1s to 24h",
                            "5m",
                            "Kafka's max.poll.interval.ms; slow handlers never reach it."),
                    option(
                            "session-timeout",
                            "a duration from 1s to 1h",
                            "45s",
                            "How long a silent member of a classic group keeps its partitions."),
                    option(
                            "linger",
                            "a duration up to 1s",
                            "1ms",
                            "How long a send may wait for others to go with it."),
                    option(
                            "compression",
                            "none | gzip | snappy | lz4 | zstd",
                            "none",
                            "How batches are compressed."));

    private static TransportOption option(
            String name, String values, String standard, String description) {
        return new TransportOption(name, values, standard, description);
    }

    static KafkaSettings of(TransportUri uri) {
        BrokerAddress address = BrokerAddress.of(uri, PORT);
        boolean share =
                uri.choice("groups", "consumer", List.of("consumer", "share")).equals("share");
        return new KafkaSettings(
                address,
                security(uri, address),
                share,
                Protocol.valueOf(
                        uri.choice("protocol", "auto", List.of("auto", "classic", "consumer"))
                                .toUpperCase(Locale.ROOT)),
                (int) uri.number("partitions", share ? 1 : 4, 1, 10_000),
                (short) uri.number("replication", -1, 1, 100),
                uri.choice("create", "true", YES_NO).equals("true"),
                duration(uri, "connect-timeout", "5s", Duration.ofMillis(1), Duration.ofHours(1)),
                duration(
                        uri, "delivery-timeout", "25s", Duration.ofSeconds(1), Duration.ofHours(1)),
                duration(uri, "handover", "500ms", Duration.ZERO, Duration.ofMinutes(1)),
                duration(uri, "refresh", "5s", Duration.ofMillis(100), Duration.ofHours(1)),
                duration(
                        uri,
                        "max-poll-interval",
                        "5m",
                        Duration.ofSeconds(1),
                        Duration.ofHours(24)),
                duration(uri, "session-timeout", "45s", Duration.ofSeconds(1), Duration.ofHours(1)),
                duration(uri, "linger", "1ms", Duration.ZERO, Duration.ofSeconds(1)),
                uri.choice(
                        "compression", "none", List.of("none", "gzip", "snappy", "lz4", "zstd")));
    }

    private static Duration duration(
            TransportUri uri, String name, String standard, Duration least, Duration most) {
        var preset = new TransportUri(uri.scheme(), uri.address(), Map.of(name, standard));
        Duration value = uri.duration(name, preset.duration(name, Duration.ZERO));
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new InvalidUriException(
                    "Option '%s' is '%s' in %s; it must be from %d ms to %d ms"
                            .formatted(
                                    name,
                                    uri.options().get(name),
                                    uri,
                                    least.toMillis(),
                                    most.toMillis()));
        }
        return value;
    }

    private static Map<String, Object> security(TransportUri uri, BrokerAddress address) {
        var settings = new HashMap<String, Object>();
        boolean tls = uri.choice("tls", "false", YES_NO).equals("true");
        boolean login = address.user().isPresent();
        settings.put("security.protocol", (login ? "SASL_" : "") + (tls ? "SSL" : "PLAINTEXT"));
        String mechanism =
                uri.choice("sasl", "plain", List.of("plain", "scram-sha-256", "scram-sha-512"));
        if (login) {
            settings.put("sasl.mechanism", mechanism.toUpperCase(Locale.ROOT));
            settings.put("sasl.jaas.config", login(mechanism, address));
        }
        authority(uri, tls)
                .ifPresent(file -> {
                    settings.put("ssl.truststore.type", "PEM");
                    settings.put("ssl.truststore.location", file.toString());
                });
        return Map.copyOf(settings);
    }

    private static Optional<Path> authority(TransportUri uri, boolean tls) {
        Optional<Path> file = uri.option("ca").map(Path::of);
        if (file.isPresent() && !tls) {
            throw new InvalidUriException(
                    "Option 'ca' is given in %s without tls=true; add tls=true, or leave 'ca' out"
                            .formatted(uri));
        }
        if (file.isPresent() && !Files.isReadable(file.get())) {
            throw new InvalidUriException(
                    "Option 'ca' is '%s' in %s; it must be a PEM file that can be read"
                            .formatted(file.get(), uri));
        }
        return file;
    }

    private static String login(String mechanism, BrokerAddress address) {
        String module =
                mechanism.equals("plain")
                        ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                        : "org.apache.kafka.common.security.scram.ScramLoginModule";
        return "%s required username=%s password=%s;"
                .formatted(
                        module,
                        quoted(address.user().orElse("")),
                        quoted(address.password().orElse("")));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** What every client of Kafka's is made with. */
    Map<String, Object> client() {
        var client = new HashMap<>(security);
        client.put("bootstrap.servers", address.shown());
        client.put("reconnect.backoff.ms", 50);
        client.put("reconnect.backoff.max.ms", 1000);
        client.put("socket.connection.setup.timeout.ms", 3000);
        client.put("socket.connection.setup.timeout.max.ms", 10_000);
        client.put("enable.metrics.push", false);
        client.put("metric.reporters", "");
        return client;
    }

    /** The address, for people. */
    String shown() {
        return "kafka://" + address.shown();
    }
}
