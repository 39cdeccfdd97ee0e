// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A message as it was read from the log, which is also its own delivery: one object and its bytes
 * are all that replaying a message allocates. What is not the payload is decoded when it is asked
 * for.
 */
class StoredMessage implements Message, Received {
    private final Topic topic;
    private final long position;
    private final byte flags;
    private final long micros;
    private final byte[] fields;
    private final byte[] payload;
    private @Nullable Headers headers;

    /**
     * Reads a record, and copies what it keeps.
     *
     * @throws IllegalArgumentException if it is not a record of a version that is known here
     */
    StoredMessage(Topic topic, long position, ByteBuffer source) {
        this.topic = topic;
        this.position = position;
        byte version = source.get();
        this.flags = source.get();
        MessageCodec.check(version, flags);
        this.micros = source.getLong();
        this.fields = flags == 0 ? MessageCodec.NONE : Varint.getBytes(source);
        this.payload = new byte[source.remaining()];
        source.get(payload);
    }

    /** Where it stands in its topic. */
    final long place() {
        return position;
    }

    @Override
    public final Message message() {
        return this;
    }

    @Override
    public final Optional<Position> position() {
        return Optional.of(Positions.of(position));
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public final String topic() {
        return topic.name();
    }

    /** The id that it was published with, or else one made of the log, the topic and the place. */
    @Override
    public final Optional<String> id() {
        String given = MessageCodec.fieldText(fields, flags, MessageCodec.ID);
        return Optional.of(given != null ? given : topic.idAt(position));
    }

    @Override
    public final Optional<String> key() {
        return text(MessageCodec.KEY);
    }

    @Override
    public final Headers headers() {
        Headers known = headers;
        if (known == null) {
            known = MessageCodec.headers(fields, flags);
            headers = known;
        }
        return known;
    }

    @Override
    public final byte[] payload() {
        return payload;
    }

    @Override
    public final boolean isTombstone() {
        return (flags & MessageCodec.TOMBSTONE) != 0;
    }

    @Override
    public final Instant timestamp() {
        return MessageCodec.instant(micros);
    }

    @Override
    public final Optional<Duration> timeToLive() {
        return MessageCodec.timeToLive(fields, flags);
    }

    @Override
    public final Optional<String> replyTo() {
        return text(MessageCodec.REPLY_TO);
    }

    @Override
    public final Optional<String> correlationId() {
        return text(MessageCodec.CORRELATION_ID);
    }

    private Optional<String> text(int field) {
        return flags == 0
                ? Optional.empty()
                : Optional.ofNullable(MessageCodec.fieldText(fields, flags, field));
    }

    @Override
    public final String toString() {
        return "Message[topic=%s, position=%d, %d bytes]"
                .formatted(topic.name(), position, payload.length);
    }
}
