// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Headers;
import dev.lapwing.Message;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a message looks as a record of the log, version 1: {@code version u8, flags u8, published i64
 * (microseconds since 1970), [fields], payload}. A record whose flags are zero has no fields;
 * otherwise their length as a {@link Varint} stands before them, so that the payload is found
 * without reading them. The fields stand in the order of the flags. docs/log-format.md is the
 * description for people.
 */
final class MessageCodec {
    static final byte VERSION = 1;

    static final int EXPIRES = 1;
    static final int ID = 1 << 1;
    static final int KEY = 1 << 2;
    static final int REPLY_TO = 1 << 3;
    static final int CORRELATION_ID = 1 << 4;
    static final int HEADERS = 1 << 5;
    static final int TOMBSTONE = 1 << 6;

    private static final int KNOWN_FLAGS = 0x7F;
    private static final int FIXED_BYTES = 1 + 1 + Long.BYTES;
    static final byte[] NONE = {};

    private MessageCodec() {}

    /** A message made ready on the publisher's thread, so that the writer only copies bytes. */
    record Prepared(byte flags, long micros, byte[] fields, byte[] payload) {
        int size() {
            return FIXED_BYTES + (flags == 0 ? 0 : Varint.sizeOf(fields)) + payload.length;
        }

        void writeTo(ByteBuffer target) {
            target.put(VERSION).put(flags).putLong(micros);
            if (flags != 0) {
                Varint.putBytes(target, fields);
            }
            target.put(payload);
        }
    }

    /**
     * Makes a message ready.
     *
     * @param id the id to store, or null to store none
     * @param expires when it goes out of date by the engine's clock; matters only with a time to
     *     live
     */
    static Prepared prepare(Message message, @Nullable String id, long expires) {
        long micros = micros(message.timestamp());
        String key = message.key().orElse(null);
        Headers headers = message.headers();
        Duration timeToLive = message.timeToLive().orElse(null);
        String replyTo = message.replyTo().orElse(null);
        String correlationId = message.correlationId().orElse(null);
        int flags =
                flag(EXPIRES, timeToLive != null)
                        | flag(ID, id != null)
                        | flag(KEY, key != null)
                        | flag(REPLY_TO, replyTo != null)
                        | flag(CORRELATION_ID, correlationId != null)
                        | flag(HEADERS, !headers.isEmpty())
                        | flag(TOMBSTONE, message.isTombstone());
        if (flags == 0) {
            return new Prepared((byte) 0, micros, NONE, message.payload());
        }
        var fields = new FieldWriter();
        if (timeToLive != null) {
            fields.number(Math.max(0, expires));
            fields.number(Math.max(0, saturatedMicros(timeToLive)));
        }
        fields.text(id);
        fields.text(key);
        fields.text(replyTo);
        fields.text(correlationId);
        if (!headers.isEmpty()) {
            fields.headers(headers);
        }
        return new Prepared((byte) flags, micros, fields.bytes(), message.payload());
    }

    /**
     * Does nothing if a record of this kind can be read.
     *
     * @throws IllegalArgumentException if not
     */
    static void check(byte version, byte flags) {
        if (version != VERSION || (flags & ~KNOWN_FLAGS) != 0) {
            throw new IllegalArgumentException(
                    ("A message has the record version %d and flags %x, and this Lapwing reads"
                                    + " version %d; use the one that wrote it, or a newer one")
                            .formatted(version, flags, VERSION));
        }
    }

    /** The id in a record, or null; reads nothing else. */
    static @Nullable String readId(ByteBuffer source) {
        int start = source.position();
        byte flags = source.get(start + 1);
        if ((flags & ID) == 0) {
            return null;
        }
        source.position(start + FIXED_BYTES);
        return fieldText(Varint.getBytes(source), flags, ID);
    }

    /** Whether a record has a time to live. */
    static boolean mayExpire(ByteBuffer source) {
        return (source.get(source.position() + 1) & EXPIRES) != 0;
    }

    /** Whether a record is out of date by the engine's clock; reads nothing else. */
    static boolean isExpired(ByteBuffer source, long now) {
        int start = source.position();
        if ((source.get(start + 1) & EXPIRES) == 0) {
            return false;
        }
        source.position(start + FIXED_BYTES);
        Varint.get(source);
        long expires = Varint.get(source);
        source.position(start);
        return expires <= now;
    }

    /** One field that is text, or null where the flags say that there is none. */
    static @Nullable String fieldText(byte[] fields, byte flags, int field) {
        return (flags & field) == 0 ? null : Varint.getText(seek(fields, flags, field));
    }

    static Optional<Duration> timeToLive(byte[] fields, byte flags) {
        if ((flags & EXPIRES) == 0) {
            return Optional.empty();
        }
        ByteBuffer source = ByteBuffer.wrap(fields);
        Varint.get(source);
        long micros = Varint.get(source);
        return Optional.of(Duration.ofSeconds(micros / 1_000_000, micros % 1_000_000 * 1000));
    }

    static Headers headers(byte[] fields, byte flags) {
        if ((flags & HEADERS) == 0) {
            return Headers.none();
        }
        ByteBuffer source = seek(fields, flags, HEADERS);
        int count = (int) Varint.get(source);
        List<Headers.Header> headers = new ArrayList<>(count);
        for (int header = 0; header < count; header++) {
            String name = Varint.getText(source);
            headers.add(new Headers.Header(name, Varint.getBytes(source)));
        }
        return Headers.of(headers);
    }

    private static ByteBuffer seek(byte[] fields, byte flags, int field) {
        ByteBuffer source = ByteBuffer.wrap(fields);
        if ((flags & EXPIRES) != 0) {
            Varint.get(source);
            Varint.get(source);
        }
        for (int before = ID; before < field; before <<= 1) {
            if ((flags & before) != 0) {
                Varint.skipBytes(source);
            }
        }
        return source;
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }

    private static long micros(Instant time) {
        long seconds =
                Math.clamp(
                        time.getEpochSecond(),
                        Long.MIN_VALUE / 1_000_000 + 1,
                        Long.MAX_VALUE / 1_000_000 - 1);
        return seconds * 1_000_000 + time.getNano() / 1000;
    }

    private static long saturatedMicros(Duration duration) {
        return duration.getSeconds() > Long.MAX_VALUE / 1_000_000 - 1
                ? Long.MAX_VALUE
                : duration.getSeconds() * 1_000_000 + duration.getNano() / 1000;
    }

    private static int flag(int flag, boolean set) {
        return set ? flag : 0;
    }

    /** Collects the fields of one message. */
    private static final class FieldWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);

        void number(long value) {
            long rest = value;
            while ((rest & ~0x7FL) != 0) {
                bytes.write((int) (rest & 0x7F) | 0x80);
                rest >>>= 7;
            }
            bytes.write((int) rest);
        }

        void text(@Nullable String value) {
            if (value != null) {
                value(value.getBytes(StandardCharsets.UTF_8));
            }
        }

        void value(byte[] value) {
            number(value.length);
            bytes.writeBytes(value);
        }

        void headers(Headers headers) {
            number(headers.size());
            for (Headers.Header header : headers) {
                text(header.name());
                value(header.value());
            }
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }
    }
}
