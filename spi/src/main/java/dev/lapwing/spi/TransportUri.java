// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import dev.lapwing.InvalidUriException;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A connection URI in its parts: {@code scheme:address?name=value&…}.
 *
 * @param scheme in lower case: "embedded"
 * @param address what stands between the scheme and the options, as written: "data",
 *     "//user:password@host:5672/vhost"
 * @param options the options, decoded, in the order written
 */
public record TransportUri(String scheme, String address, Map<String, String> options) {

    private static final Pattern SHAPE =
            Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):([^?]*)(?:\\?(.*))?");

    /** A password, or what stands alone before the host: that may be a token. */
    private static final Pattern SECRET = Pattern.compile("(//(?:[^:@/]*:)?)[^@/]*@");

    private static final Pattern AMOUNT = Pattern.compile("(\\d{1,18})\\s*([a-zA-Z]*)");

    /** Copies the options. */
    public TransportUri {
        options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    /**
     * Reads a URI.
     *
     * @throws InvalidUriException if it has no scheme, or an option stands twice or without a value
     */
    public static TransportUri parse(String uri) {
        Matcher shape = SHAPE.matcher(Objects.requireNonNull(uri, "uri"));
        if (!shape.matches()) {
            throw new InvalidUriException(
                    "'%s' is not a connection URI; write it like embedded:data or lapwing://127.0.0.1:3030"
                            .formatted(mask(uri)));
        }
        String query = Optional.ofNullable(shape.group(3)).orElse("");
        return new TransportUri(
                shape.group(1).toLowerCase(Locale.ROOT), shape.group(2), options(uri, query));
    }

    private static Map<String, String> options(String uri, String query) {
        var options = new LinkedHashMap<String, String>();
        for (String pair : query.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new InvalidUriException(
                        "Option '%s' in %s has no value; write it like name=value"
                                .formatted(pair, mask(uri)));
            }
            String name = decode(uri, pair.substring(0, equals));
            if (options.put(name, decode(uri, pair.substring(equals + 1))) != null) {
                throw new InvalidUriException(
                        "Option '%s' stands twice in %s; give it once".formatted(name, mask(uri)));
            }
        }
        return options;
    }

    private static String decode(String uri, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidUriException(
                    "'%s' in %s is not valid percent-encoding".formatted(text, mask(uri)), e);
        }
    }

    /** A copy without an option. */
    public TransportUri without(String name) {
        var rest = new LinkedHashMap<>(options);
        rest.remove(name);
        return new TransportUri(scheme, address, rest);
    }

    /** The value of an option, if it is given. */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /**
     * The value of an option that is one of several words.
     *
     * @throws InvalidUriException if it is none of them
     */
    public String choice(String name, String standard, java.util.List<String> words) {
        String value = options.getOrDefault(name, standard);
        if (!words.contains(value)) {
            throw invalid(name, value, "one of " + String.join(", ", words));
        }
        return value;
    }

    /**
     * The value of an option that is a whole number.
     *
     * @throws InvalidUriException if it is not a whole number from least to most
     */
    public long number(String name, long standard, long least, long most) {
        String value = options.get(name);
        if (value == null) {
            return standard;
        }
        String need = "a whole number from %d to %d".formatted(least, most);
        try {
            long number = Long.parseLong(value);
            if (number < least || number > most) {
                throw invalid(name, value, need);
            }
            return number;
        } catch (NumberFormatException e) {
            throw invalid(name, value, need);
        }
    }

    /**
     * The value of an option that is a size, in bytes: {@code 1048576}, {@code 512KiB}, {@code
     * 64MiB}, {@code 20GiB}.
     *
     * @throws InvalidUriException if it is not such a size
     */
    public long bytes(String name, long standard) {
        String value = options.get(name);
        if (value == null) {
            return standard;
        }
        Matcher amount = AMOUNT.matcher(value);
        int shift =
                amount.matches()
                        ? switch (amount.group(2)) {
                            case "", "B" -> 0;
                            case "KiB" -> 10;
                            case "MiB" -> 20;
                            case "GiB" -> 30;
                            case "TiB" -> 40;
                            default -> -1;
                        }
                        : -1;
        if (shift < 0 || Long.parseLong(amount.group(1)) > Long.MAX_VALUE >> shift) {
            throw invalid(name, value, "a size such as 512KiB, 64MiB or 20GiB");
        }
        return Long.parseLong(amount.group(1)) << shift;
    }

    /**
     * The value of an option that is a duration: {@code 250ms}, {@code 30s}, {@code 5m}, {@code
     * 12h}, {@code 7d}.
     *
     * @throws InvalidUriException if it is not such a duration
     */
    public Duration duration(String name, Duration standard) {
        String value = options.get(name);
        if (value == null) {
            return standard;
        }
        Matcher amount = AMOUNT.matcher(value);
        if (!amount.matches() || amount.group(1).length() > 9) {
            throw invalid(name, value, "a duration such as 250ms, 30s, 5m, 12h or 7d");
        }
        long count = Long.parseLong(amount.group(1));
        return switch (amount.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> throw invalid(name, value, "a duration such as 250ms, 30s, 5m, 12h or 7d");
        };
    }

    private InvalidUriException invalid(String name, String value, String need) {
        return new InvalidUriException(
                "Option '%s' is '%s' in %s; it must be %s".formatted(name, value, this, need));
    }

    /** The URI without its options, and without a password or a token. */
    @Override
    public String toString() {
        return mask(scheme + ":" + address);
    }

    private static String mask(String uri) {
        return SECRET.matcher(uri).replaceAll("$1***@");
    }
}
