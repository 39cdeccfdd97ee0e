// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.BrokerAddress;
import dev.lapwing.spi.TransportUri;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an {@code amqp} URI says.
 *
 * @param address hosts, user and password
 * @param vhost the virtual host
 * @param tls whether the link is encrypted
 * @param ca the CA certificates to trust, if not the system's
 * @param connectTimeout how long connecting, and an answer of the broker, may take
 * @param heartbeat how often both sides show that they live
 * @param blockedTimeout how long a publish waits while publishers are blocked
 * @param channels how many channels publish
 * @param declares whether exchange, queues and bindings are made
 * @param exchange the exchange of topics
 * @param queues the queues of groups
 * @param management the management API, if it is given
 */
record RabbitSettings(
        BrokerAddress address,
        String vhost,
        boolean tls,
        Optional<Path> ca,
        Duration connectTimeout,
        Duration heartbeat,
        Duration blockedTimeout,
        int channels,
        boolean declares,
        RabbitExchange exchange,
        RabbitQueues queues,
        Optional<URI> management) {

    private static final List<String> BOOLEANS = List.of("true", "false");
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Reads the settings of a URI.
     *
     * @throws InvalidUriException if a value is not valid, or two contradict each other
     */
    static RabbitSettings of(TransportUri uri) {
        boolean tls = uri.scheme().equals("amqps");
        BrokerAddress address = BrokerAddress.of(uri, tls ? 5671 : 5672);
        return new RabbitSettings(
                address,
                address.path().filter(path -> !path.isEmpty()).orElse("/"),
                tls,
                uri.option(RabbitOptions.CA).map(Path::of),
                between(uri, RabbitOptions.CONNECT_TIMEOUT, "5s", 1),
                between(uri, RabbitOptions.HEARTBEAT, "10s", 1000),
                between(uri, RabbitOptions.BLOCKED_TIMEOUT, "10s", 0),
                (int) uri.number(RabbitOptions.CHANNELS, 4, 1, 64),
                isTrue(uri, RabbitOptions.DECLARE, true),
                exchange(uri),
                queues(uri),
                uri.option(RabbitOptions.MANAGEMENT).map(text -> management(uri, text)));
    }

    private static RabbitExchange exchange(TransportUri uri) {
        String name = uri.option(RabbitOptions.EXCHANGE).orElse("amq.topic");
        String type =
                uri.choice(
                        RabbitOptions.EXCHANGE_TYPE,
                        predeclaredType(name),
                        List.of("topic", "direct", "fanout", "headers"));
        Map<String, Object> match = pairs(uri, RabbitOptions.MATCH, false);
        if (!match.isEmpty() && !type.equals("headers")) {
            throw contradiction(uri, "match is for exchange-type=headers, and the type is " + type);
        }
        return new RabbitExchange(name, type, match);
    }

    private static String predeclaredType(String exchange) {
        return switch (exchange) {
            case "", "amq.direct" -> "direct";
            case "amq.fanout" -> "fanout";
            case "amq.headers", "amq.match" -> "headers";
            default -> "topic";
        };
    }

    private static RabbitQueues queues(TransportUri uri) {
        boolean quorum =
                uri.choice(RabbitOptions.QUEUE_TYPE, "classic", List.of("classic", "quorum"))
                        .equals("quorum");
        var queues =
                new RabbitQueues(
                        uri.option(RabbitOptions.QUEUE),
                        quorum,
                        isTrue(uri, RabbitOptions.DURABLE, true),
                        isTrue(uri, RabbitOptions.EXCLUSIVE, false),
                        isTrue(uri, RabbitOptions.AUTO_DELETE, false),
                        arguments(uri));
        if (quorum && (!queues.durable() || queues.exclusive() || queues.autoDelete())) {
            throw contradiction(
                    uri,
                    "quorum queues are durable, and neither exclusive nor deleted by themselves;"
                            + " take that out, or use queue-type=classic");
        }
        if (quorum && queues.hasPriorities()) {
            throw contradiction(
                    uri, "quorum queues have no max-priority; use queue-type=classic for it");
        }
        return queues;
    }

    private static Map<String, Object> arguments(TransportUri uri) {
        var arguments = new LinkedHashMap<>(pairs(uri, RabbitOptions.ARGUMENTS, true));
        number(uri, RabbitOptions.MAX_LENGTH, Long.MAX_VALUE, arguments);
        if (uri.option(RabbitOptions.MAX_LENGTH_BYTES).isPresent()) {
            arguments.put("x-max-length-bytes", uri.bytes(RabbitOptions.MAX_LENGTH_BYTES, 0));
        }
        if (uri.option(RabbitOptions.OVERFLOW).isPresent()) {
            arguments.put(
                    "x-overflow",
                    uri.choice(
                            RabbitOptions.OVERFLOW,
                            "",
                            List.of("drop-head", "reject-publish", "reject-publish-dlx")));
        }
        duration(uri, RabbitOptions.MESSAGE_TTL, arguments);
        duration(uri, RabbitOptions.EXPIRES, arguments);
        number(uri, RabbitOptions.MAX_PRIORITY, 255, arguments);
        number(uri, RabbitOptions.DELIVERY_LIMIT, Integer.MAX_VALUE, arguments);
        text(uri, RabbitOptions.DEAD_LETTER_EXCHANGE, arguments);
        text(uri, RabbitOptions.DEAD_LETTER_ROUTING_KEY, arguments);
        if (isTrue(uri, RabbitOptions.SINGLE_ACTIVE_CONSUMER, false)) {
            arguments.put("x-single-active-consumer", true);
        }
        return arguments;
    }

    private static void number(
            TransportUri uri, String option, long most, Map<String, Object> arguments) {
        if (uri.option(option).isPresent()) {
            arguments.put("x-" + option, uri.number(option, 1, 1, most));
        }
    }

    private static void duration(TransportUri uri, String option, Map<String, Object> arguments) {
        if (uri.option(option).isPresent()) {
            arguments.put("x-" + option, uri.duration(option, Duration.ZERO).toMillis());
        }
    }

    private static void text(TransportUri uri, String option, Map<String, Object> arguments) {
        uri.option(option).ifPresent(value -> arguments.put("x-" + option, value));
    }

    /** The pairs of an option like {@code name=value,name=value}. */
    private static Map<String, Object> pairs(TransportUri uri, String option, boolean typed) {
        var pairs = new LinkedHashMap<String, Object>();
        for (String pair : uri.option(option).orElse("").split(",")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw contradiction(
                        uri, "%s has '%s'; write it like name=value".formatted(option, pair));
            }
            String value = pair.substring(equals + 1);
            pairs.put(pair.substring(0, equals), typed ? typed(value) : value);
        }
        return pairs;
    }

    private static Object typed(String value) {
        if (BOOLEANS.contains(value)) {
            return Boolean.valueOf(value);
        }
        return value.matches("-?\\d{1,18}") ? (Object) Long.valueOf(value) : value;
    }

    private static boolean isTrue(TransportUri uri, String option, boolean standard) {
        return uri.choice(option, String.valueOf(standard), BOOLEANS).equals("true");
    }

    private static Duration between(
            TransportUri uri, String option, String standard, long leastMillis) {
        Duration value =
                uri.option(option).isPresent()
                        ? uri.duration(option, Duration.ZERO)
                        : Duration.parse("PT" + standard);
        if (value.toMillis() < leastMillis || value.compareTo(LONGEST) > 0) {
            throw contradiction(
                    uri,
                    "%s is %s; it must be from %d ms to 1h".formatted(option, value, leastMillis));
        }
        return value;
    }

    /** The address of the management API; its text is not shown, it may hold a password. */
    private static URI management(TransportUri uri, String text) {
        try {
            URI address = URI.create(text);
            if (address.getHost() != null
                    && List.of("http", "https").contains(address.getScheme())) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // told below, without the text
        }
        throw contradiction(
                uri, "management is no address; write it like http://user:password@host:15672");
    }

    private static InvalidUriException contradiction(TransportUri uri, String what) {
        return new InvalidUriException("In %s, %s".formatted(uri, what));
    }

    /** The user, in a text for people. */
    String user() {
        return address.user().orElse("guest");
    }

    /** The password; never to be shown. */
    String password() {
        return address.password().orElse("guest");
    }

    /** Where the broker is, in a text for people. */
    String broker() {
        return "RabbitMQ at " + address.shown();
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "%s, vhost '%s', user '%s'".formatted(broker(), vhost, user());
    }
}
