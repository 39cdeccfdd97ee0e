// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The headers of a message: names with values, in order; a name may stand more than once. A value
 * is bytes, which most people write and read as UTF-8 text. Immutable.
 */
public final class Headers implements Iterable<Headers.Header> {

    private static final Headers NONE = new Headers(List.of());

    private final List<Header> entries;

    private Headers(List<Header> entries) {
        this.entries = entries;
    }

    /** One header. The value's array is shared: do not change it. */
    public record Header(String name, byte[] value) {
        /** Refuses nulls; names are checked when the message is published. */
        public Header {
            Objects.requireNonNull(name, "header name");
            Objects.requireNonNull(value, "header value");
        }

        /** The value as UTF-8 text. */
        public String text() {
            return new String(value, StandardCharsets.UTF_8);
        }
    }

    /** No headers. */
    public static Headers none() {
        return NONE;
    }

    /** These headers, in this order. */
    public static Headers of(List<Header> entries) {
        return entries.isEmpty() ? NONE : new Headers(List.copyOf(entries));
    }

    /** A copy with one header more. */
    public Headers with(String name, String value) {
        return with(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** A copy with one header more. */
    public Headers with(String name, byte[] value) {
        var longer = new ArrayList<Header>(entries.size() + 1);
        longer.addAll(entries);
        longer.add(new Header(name, value));
        return new Headers(List.copyOf(longer));
    }

    /** A copy without the headers of these names. */
    public Headers without(List<String> names) {
        return of(entries.stream().filter(header -> !names.contains(header.name())).toList());
    }

    /** The first value of a name, as text. */
    public Optional<String> first(String name) {
        for (Header header : entries) {
            if (header.name().equals(name)) {
                return Optional.of(header.text());
            }
        }
        return Optional.empty();
    }

    /** Every header, in order. */
    public List<Header> entries() {
        return entries;
    }

    /** How many there are. */
    public int size() {
        return entries.size();
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return entries.isEmpty();
    }

    @Override
    public Iterator<Header> iterator() {
        return entries.iterator();
    }

    @Override
    public String toString() {
        var text = new StringBuilder("{");
        for (Header header : entries) {
            text.append(text.length() > 1 ? ", " : "")
                    .append(header.name())
                    .append('=')
                    .append(header.text());
        }
        return text.append('}').toString();
    }
}
