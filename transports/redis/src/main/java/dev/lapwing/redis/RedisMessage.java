// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.WireHeaders;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A message that was read from an entry. What is not the payload is decoded when it is asked for.
 *
 * <p>The payload is the first field of the payload's name. Where a foreign entry has no such field,
 * it is the value of its only field; an entry of several fields has an empty payload, and all its
 * fields are headers.
 */
final class RedisMessage implements Message {
    private static final byte[] EMPTY = {};
    private static final Set<String> METADATA =
            Set.of(
                    WireHeaders.ID,
                    WireHeaders.KEY,
                    WireHeaders.TIME,
                    WireHeaders.TIME_TO_LIVE,
                    WireHeaders.PRIORITY,
                    WireHeaders.REPLY_TO,
                    WireHeaders.CORRELATION_ID);

    private final String topic;
    private final RedisEntry entry;
    private final byte[] payload;

    /** Where the payload's name stands among the fields; -1 where there is none. */
    private final int payloadAt;

    private @Nullable Headers headers;

    RedisMessage(String topic, RedisEntry entry, byte[] payloadField) {
        this.topic = topic;
        this.entry = entry;
        payloadAt = payloadAt(entry.fields(), payloadField);
        payload = payloadAt < 0 ? EMPTY : entry.fields()[payloadAt + 1];
    }

    private static int payloadAt(byte[][] fields, byte[] name) {
        for (int at = 0; at + 1 < fields.length; at += 2) {
            if (Arrays.equals(fields[at], name)) {
                return at;
            }
        }
        return fields.length == 2 ? 0 : -1;
    }

    String entryId() {
        return entry.id();
    }

    Position position() {
        return new Position(entry.id());
    }

    @Override
    public String topic() {
        return topic;
    }

    /** The id it was published with, or else the id of its entry. */
    @Override
    public Optional<String> id() {
        String given = metadata(WireHeaders.ID);
        return Optional.of(given == null || given.isEmpty() ? entry.id() : given);
    }

    @Override
    public Optional<String> key() {
        return Optional.ofNullable(metadata(WireHeaders.KEY));
    }

    @Override
    public Headers headers() {
        Headers known = headers;
        if (known == null) {
            known = entry.fields().length <= 2 ? plain() : readHeaders();
            headers = known;
        }
        return known;
    }

    private Headers plain() {
        return payloadAt == 0 ? Headers.none() : readHeaders();
    }

    private Headers readHeaders() {
        byte[][] fields = entry.fields();
        List<Headers.Header> found = new ArrayList<>(fields.length / 2);
        for (int at = 0; at + 1 < fields.length; at += 2) {
            String name = new String(fields[at], StandardCharsets.UTF_8);
            if (at != payloadAt && !METADATA.contains(name)) {
                found.add(new Headers.Header(name, fields[at + 1]));
            }
        }
        return Headers.of(found);
    }

    @Override
    public byte[] payload() {
        return payload;
    }

    /** The time it was published with, or else that of its entry. */
    @Override
    public Instant timestamp() {
        long given = number(WireHeaders.TIME, -1);
        String id = entry.id();
        return Instant.ofEpochMilli(
                given >= 0 ? given : Long.parseLong(id.substring(0, id.indexOf('-'))));
    }

    @Override
    public Optional<Integer> priority() {
        long priority = number(WireHeaders.PRIORITY, -1);
        return priority < 0 || priority > 9 ? Optional.empty() : Optional.of((int) priority);
    }

    @Override
    public Optional<Duration> timeToLive() {
        long millis = number(WireHeaders.TIME_TO_LIVE, -1);
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    @Override
    public Optional<String> replyTo() {
        return Optional.ofNullable(metadata(WireHeaders.REPLY_TO));
    }

    @Override
    public Optional<String> correlationId() {
        return Optional.ofNullable(metadata(WireHeaders.CORRELATION_ID));
    }

    private long number(String name, long otherwise) {
        String text = metadata(name);
        if (text == null || text.isEmpty() || text.length() > 18) {
            return otherwise;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9') ? Long.parseLong(text) : otherwise;
    }

    /** The first field of a name that only Lapwing writes. */
    private @Nullable String metadata(String name) {
        byte[][] fields = entry.fields();
        for (int at = 0; at + 1 < fields.length; at += 2) {
            if (at != payloadAt && isNamed(fields[at], name)) {
                return new String(fields[at + 1], StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    private static boolean isNamed(byte[] field, String name) {
        if (field.length != name.length()) {
            return false;
        }
        for (int at = 0; at < field.length; at++) {
            if (field[at] != name.charAt(at)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "Message[topic=%s, entry=%s, %d bytes]".formatted(topic, entry.id(), payload.length);
    }
}
