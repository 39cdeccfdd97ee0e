// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * Builds a {@link Message}. One thread uses it; limits are checked when the message is published.
 */
public final class MessageBuilder {

    private static final byte[] EMPTY = {};

    private final String topic;
    private @Nullable String id;
    private @Nullable String key;
    private Headers headers = Headers.none();
    private byte[] payload = EMPTY;
    private @Nullable Instant timestamp;
    private @Nullable Integer priority;
    private @Nullable Duration timeToLive;
    private @Nullable Duration deliverAfter;
    private @Nullable String replyTo;
    private @Nullable String correlationId;

    MessageBuilder(String topic) {
        this.topic = Objects.requireNonNull(topic, "topic");
    }

    MessageBuilder(String topic, Message source) {
        this(topic);
        id = source.id().orElse(null);
        key = source.key().orElse(null);
        headers = source.headers();
        payload = source.payload();
        timestamp = source.timestamp();
        priority = source.priority().orElse(null);
        timeToLive = source.timeToLive().orElse(null);
        deliverAfter = source.deliverAfter().orElse(null);
        replyTo = source.replyTo().orElse(null);
        correlationId = source.correlationId().orElse(null);
    }

    /** The id, 1 to 255 bytes of UTF-8. Without one, the transport or the runtime gives one. */
    public MessageBuilder id(String value) {
        id = Objects.requireNonNull(value, "id");
        return this;
    }

    /** The key that keeps messages in order, up to 64 KiB of UTF-8. */
    public MessageBuilder key(String value) {
        key = Objects.requireNonNull(value, "key");
        return this;
    }

    /** Adds a header; a name may stand more than once. */
    public MessageBuilder header(String name, String value) {
        headers = headers.with(name, value);
        return this;
    }

    /** Replaces all headers. */
    public MessageBuilder headers(Headers value) {
        headers = Objects.requireNonNull(value, "headers");
        return this;
    }

    /** The payload. The array is not copied: do not change it afterwards. */
    public MessageBuilder payload(byte[] value) {
        payload = Objects.requireNonNull(value, "payload");
        return this;
    }

    /** The payload as UTF-8. */
    public MessageBuilder text(String value) {
        return payload(value.getBytes(StandardCharsets.UTF_8));
    }

    /** When it was published, if not now: for bridges that keep the time of the source. */
    public MessageBuilder timestamp(Instant value) {
        timestamp = Objects.requireNonNull(value, "timestamp");
        return this;
    }

    /** How urgent, 0 (least) to 9; needs {@link Capability#PRIORITY}. */
    public MessageBuilder priority(int value) {
        priority = value;
        return this;
    }

    /** How long it is worth delivering, above zero; needs {@link Capability#TIME_TO_LIVE}. */
    public MessageBuilder timeToLive(Duration value) {
        timeToLive = Objects.requireNonNull(value, "timeToLive");
        return this;
    }

    /** How long to hold it back, zero or more; needs {@link Capability#DELAY}. */
    public MessageBuilder deliverAfter(Duration value) {
        deliverAfter = Objects.requireNonNull(value, "deliverAfter");
        return this;
    }

    /** Where a reply is awaited: a topic, or an address of the broker's own. */
    public MessageBuilder replyTo(String value) {
        replyTo = Objects.requireNonNull(value, "replyTo");
        return this;
    }

    /** The mark that ties a reply to its request. */
    public MessageBuilder correlationId(String value) {
        correlationId = Objects.requireNonNull(value, "correlationId");
        return this;
    }

    /** The message. */
    public Message build() {
        return new BuiltMessage(
                topic,
                id,
                key,
                headers,
                payload,
                timestamp != null ? timestamp : Instant.now(),
                priority,
                timeToLive,
                deliverAfter,
                replyTo,
                correlationId);
    }

    private static final class BuiltMessage implements Message {
        private final String topic;
        private final @Nullable String id;
        private final @Nullable String key;
        private final Headers headers;
        private final byte[] payload;
        private final Instant timestamp;
        private final @Nullable Integer priority;
        private final @Nullable Duration timeToLive;
        private final @Nullable Duration deliverAfter;
        private final @Nullable String replyTo;
        private final @Nullable String correlationId;

        BuiltMessage(
                String topic,
                @Nullable String id,
                @Nullable String key,
                Headers headers,
                byte[] payload,
                Instant timestamp,
                @Nullable Integer priority,
                @Nullable Duration timeToLive,
                @Nullable Duration deliverAfter,
                @Nullable String replyTo,
                @Nullable String correlationId) {
            this.topic = topic;
            this.id = id;
            this.key = key;
            this.headers = headers;
            this.payload = payload;
            this.timestamp = timestamp;
            this.priority = priority;
            this.timeToLive = timeToLive;
            this.deliverAfter = deliverAfter;
            this.replyTo = replyTo;
            this.correlationId = correlationId;
        }

        @Override
        public String topic() {
            return topic;
        }

        @Override
        public Optional<String> id() {
            return Optional.ofNullable(id);
        }

        @Override
        public Optional<String> key() {
            return Optional.ofNullable(key);
        }

        @Override
        public Headers headers() {
            return headers;
        }

        @Override
        @SuppressWarnings("EI_EXPOSE_REP") // documented: the payload is shared, not copied
        public byte[] payload() {
            return payload;
        }

        @Override
        public Instant timestamp() {
            return timestamp;
        }

        @Override
        public Optional<Integer> priority() {
            return Optional.ofNullable(priority);
        }

        @Override
        public Optional<Duration> timeToLive() {
            return Optional.ofNullable(timeToLive);
        }

        @Override
        public Optional<Duration> deliverAfter() {
            return Optional.ofNullable(deliverAfter);
        }

        @Override
        public Optional<String> replyTo() {
            return Optional.ofNullable(replyTo);
        }

        @Override
        public Optional<String> correlationId() {
            return Optional.ofNullable(correlationId);
        }

        @Override
        public String toString() {
            return "Message[topic=%s, id=%s, key=%s, %d bytes]"
                    .formatted(topic, id, key, payload.length);
        }
    }
}
