// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** The transports that can be had, and the errors for a URI that fits none of them. */
final class TransportDirectory {

    /** Schemes that belong to Lapwing, and the artifact that brings each. */
    private static final Map<String, String> ARTIFACTS =
            Map.ofEntries(
                    Map.entry("embedded", "dev.lapwing:lapwing-embedded"),
                    Map.entry("memory", "dev.lapwing:lapwing-embedded"),
                    Map.entry("lapwing", "dev.lapwing:lapwing-remote"),
                    Map.entry("amqp", "dev.lapwing:lapwing-rabbitmq"),
                    Map.entry("amqps", "dev.lapwing:lapwing-rabbitmq"),
                    Map.entry("kafka", "dev.lapwing:lapwing-kafka"),
                    Map.entry("redis", "dev.lapwing:lapwing-redis"),
                    Map.entry("rediss", "dev.lapwing:lapwing-redis"),
                    Map.entry("nats", "dev.lapwing:lapwing-nats"),
                    Map.entry("tls", "dev.lapwing:lapwing-nats"),
                    Map.entry("nats+tls", "dev.lapwing:lapwing-nats"),
                    Map.entry("zmq+tcp", "dev.lapwing:lapwing-zeromq"));

    private final List<TransportProvider> providers;

    TransportDirectory(List<TransportProvider> providers) {
        this.providers = List.copyOf(providers);
    }

    /** Every transport that the class path has. */
    static TransportDirectory ofClassPath() {
        var loader =
                ServiceLoader.load(
                        TransportProvider.class, TransportDirectory.class.getClassLoader());
        return new TransportDirectory(loader.stream().map(ServiceLoader.Provider::get).toList());
    }

    /**
     * The transport of a URI, whose options it knows.
     *
     * @throws InvalidUriException if there is none, or it does not know an option
     */
    TransportProvider find(TransportUri uri) {
        TransportProvider provider =
                providers.stream()
                        .filter(candidate -> candidate.schemes().contains(uri.scheme()))
                        .findFirst()
                        .orElseThrow(() -> unknownScheme(uri));
        uri.options().keySet().forEach(option -> checkOption(provider, uri, option));
        return provider;
    }

    private InvalidUriException unknownScheme(TransportUri uri) {
        String artifact = ARTIFACTS.get(uri.scheme());
        if (artifact != null) {
            return new InvalidUriException(
                    "The transport for %s is not on the class path; add the artifact %s"
                            .formatted(uri, artifact));
        }
        var known = new TreeSet<String>();
        providers.forEach(provider -> known.addAll(provider.schemes()));
        if (known.isEmpty()) {
            return new InvalidUriException(
                    "Unknown scheme '%s' in %s, and no transport is on the class path; add one, for example dev.lapwing:lapwing-embedded"
                            .formatted(uri.scheme(), uri));
        }
        return new InvalidUriException(
                "Unknown scheme '%s' in %s%s; known schemes: %s"
                        .formatted(
                                uri.scheme(),
                                uri,
                                suggestion(uri.scheme(), known),
                                String.join(", ", known)));
    }

    private static void checkOption(TransportProvider provider, TransportUri uri, String option) {
        var known = new TreeSet<>(provider.options().stream().map(TransportOption::name).toList());
        known.add(BrokerWait.OPTION);
        if (known.contains(option)) {
            return;
        }
        throw new InvalidUriException(
                "Unknown option '%s' in %s%s; options of the transport %s: %s"
                        .formatted(
                                option,
                                uri,
                                suggestion(option, known),
                                provider.name(),
                                String.join(", ", known)));
    }

    private static String suggestion(String word, Collection<String> known) {
        return nearest(word, known).map("; did you mean '%s'?"::formatted).orElse("");
    }

    /** The known word that is fewest edits away; the nearest one always, if there is any. */
    static Optional<String> nearest(String word, Collection<String> known) {
        return known.stream().min(Comparator.comparingInt(candidate -> edits(word, candidate)));
    }

    /** Levenshtein's distance: single characters put in, left out or replaced. */
    private static int edits(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column <= to.length(); column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] line = new int[to.length() + 1];
            line[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced =
                        above[column - 1] + (from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1);
                line[column] = Math.min(replaced, 1 + Math.min(above[column], line[column - 1]));
            }
            above = line;
        }
        return above[to.length()];
    }
}
