// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.spi.WireHeaders;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A message that arrived, ours or a foreign one; its headers are decoded when asked for. */
final class RabbitMessage implements Message {
    private static final String DELIVERY_COUNT = "x-delivery-count";
    private static final String ACQUIRED_COUNT = "x-acquired-count";

    private final String topic;
    private final BasicProperties properties;
    private final byte[] payload;
    private final long arrivedMillis;
    private @Nullable Headers headers;

    /**
     * A message.
     *
     * @param arrivedMillis when it came, for one without a time of its own
     */
    RabbitMessage(String topic, BasicProperties properties, byte[] payload, long arrivedMillis) {
        this.topic = topic;
        this.properties = properties;
        this.payload = payload;
        this.arrivedMillis = arrivedMillis;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public Optional<String> id() {
        return Optional.ofNullable(properties.getMessageId()).filter(id -> !id.isEmpty());
    }

    @Override
    public Optional<String> key() {
        return text(WireHeaders.KEY);
    }

    @Override
    public Headers headers() {
        Headers decoded = headers;
        if (decoded == null) {
            decoded = decode();
            headers = decoded;
        }
        return decoded;
    }

    private Headers decode() {
        Map<String, Object> table = properties.getHeaders();
        if (table == null && !hasFurther()) {
            return Headers.none();
        }
        var further = new LinkedHashMap<String, String>();
        put(further, RabbitMessages.CONTENT_TYPE, properties.getContentType());
        put(further, RabbitMessages.CONTENT_ENCODING, properties.getContentEncoding());
        put(further, RabbitMessages.TYPE, properties.getType());
        put(further, RabbitMessages.APP_ID, properties.getAppId());
        put(further, "amqp-user-id", properties.getUserId());
        var entries = new HashMap<String, @Nullable Object>(table == null ? Map.of() : table);
        entries.remove(RabbitMessages.TIME);
        entries.remove(DELIVERY_COUNT);
        entries.remove(ACQUIRED_COUNT);
        entries.remove(WireHeaders.KEY);
        entries.remove(WireHeaders.CORRELATION_ID);
        entries.remove(WireHeaders.REPLY_TO);
        entries.remove(WireHeaders.TIME_TO_LIVE);
        return RabbitHeaders.read(entries, further);
    }

    private boolean hasFurther() {
        return properties.getContentType() != null
                || properties.getContentEncoding() != null
                || properties.getType() != null
                || properties.getAppId() != null
                || properties.getUserId() != null;
    }

    private static void put(Map<String, String> further, String name, @Nullable String value) {
        if (value != null) {
            further.put(name, value);
        }
    }

    private @Nullable Object entry(String name) {
        Map<String, Object> table = properties.getHeaders();
        return table == null ? null : table.get(name);
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(entry(name)).map(RabbitHeaders::scalar);
    }

    @Override
    @SuppressWarnings("EI_EXPOSE_REP") // documented: the payload is shared, not copied
    public byte[] payload() {
        return payload;
    }

    @Override
    public Instant timestamp() {
        if (entry(RabbitMessages.TIME) instanceof Number millis) {
            return Instant.ofEpochMilli(millis.longValue());
        }
        Date second = properties.getTimestamp();
        return Instant.ofEpochMilli(
                second == null
                        ? arrivedMillis
                        : RabbitMessages.millis(second, properties.getMessageId()));
    }

    @Override
    public Optional<Integer> priority() {
        return Optional.ofNullable(properties.getPriority());
    }

    @Override
    public Optional<Duration> timeToLive() {
        return Optional.ofNullable(properties.getExpiration())
                .or(() -> text(WireHeaders.TIME_TO_LIVE))
                .filter(millis -> millis.matches("\\d{1,18}"))
                .map(millis -> Duration.ofMillis(Long.parseLong(millis)));
    }

    @Override
    public Optional<String> replyTo() {
        return Optional.ofNullable(properties.getReplyTo()).or(() -> text(WireHeaders.REPLY_TO));
    }

    @Override
    public Optional<String> correlationId() {
        return Optional.ofNullable(properties.getCorrelationId())
                .or(() -> text(WireHeaders.CORRELATION_ID));
    }

    @Override
    public String toString() {
        return "Message[topic=%s, id=%s, %d bytes]"
                .formatted(topic, properties.getMessageId(), payload.length);
    }
}
