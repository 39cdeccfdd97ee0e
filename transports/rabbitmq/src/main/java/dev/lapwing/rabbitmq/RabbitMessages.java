// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.spi.Ulid;
import dev.lapwing.spi.WireHeaders;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages as properties of AMQP. What AMQP has a property for is in that property; the headers
 * {@code content-type}, {@code content-encoding}, {@code amqp-type} and {@code amqp-app-id} are
 * such properties too.
 */
final class RabbitMessages {
    static final String CONTENT_TYPE = "content-type";
    static final String CONTENT_ENCODING = "content-encoding";
    static final String TYPE = "amqp-type";
    static final String APP_ID = "amqp-app-id";

    /** The header in which RabbitMQ's own interceptor keeps a time to the millisecond. */
    static final String TIME = "timestamp_in_ms";

    private static final int PERSISTENT = 2;
    private static final int LONGEST_SHORT_TEXT = 255;
    private static final long LONGEST_EXPIRATION = (1L << 32) - 1;
    private static final List<String> PROPERTIES =
            List.of(CONTENT_TYPE, CONTENT_ENCODING, TYPE, APP_ID);

    private RabbitMessages() {}

    /** The properties of a message, which is persistent. */
    static BasicProperties properties(Message message) {
        Headers headers = message.headers();
        String id = message.id().orElse(null);
        Map<String, Object> table = RabbitHeaders.table();
        long millis = message.timestamp().toEpochMilli();
        if (millis(new Date(millis), id) != millis) {
            table.put(TIME, millis);
        }
        message.key().ifPresent(key -> table.put(WireHeaders.KEY, key));
        String correlationId = place(message.correlationId(), WireHeaders.CORRELATION_ID, table);
        String replyTo = place(message.replyTo(), WireHeaders.REPLY_TO, table);
        String expiration = message.timeToLive().map(time -> expiration(time, table)).orElse(null);
        String contentType = null;
        String contentEncoding = null;
        String type = null;
        String appId = null;
        if (!headers.isEmpty()) {
            contentType = property(headers, CONTENT_TYPE);
            contentEncoding = property(headers, CONTENT_ENCODING);
            type = property(headers, TYPE);
            appId = property(headers, APP_ID);
            RabbitHeaders.write(headers, table);
            dropProperties(table, contentType, contentEncoding, type, appId);
        }
        return new BasicProperties(
                contentType,
                contentEncoding,
                table.isEmpty() ? null : table,
                PERSISTENT,
                message.priority().orElse(null),
                correlationId,
                replyTo,
                expiration,
                id,
                new Date(millis),
                type,
                null,
                appId,
                null);
    }

    /**
     * The time of a message without a header for it, in milliseconds since 1970. AMQP has a
     * property for the second. An id that is a ULID of the same second tells the rest.
     */
    static long millis(Date second, @Nullable String id) {
        long start = Math.floorDiv(second.getTime(), 1000) * 1000;
        long ofId = id == null ? -1 : Ulid.millis(id);
        return ofId >= 0 && Math.floorDiv(ofId, 1000) * 1000 == start ? ofId : start;
    }

    private static void dropProperties(Map<String, Object> table, @Nullable String... placed) {
        for (int at = 0; at < placed.length; at++) {
            if (placed[at] != null) {
                table.remove(PROPERTIES.get(at));
            }
        }
    }

    /** The value for a property; what is too long for one goes to a header. */
    private static @Nullable String place(
            Optional<String> value, String header, Map<String, Object> table) {
        if (value.isEmpty() || fits(value.get())) {
            return value.orElse(null);
        }
        table.put(header, value.get());
        return null;
    }

    /** The value of a header that stands once and fits into a property. */
    private static @Nullable String property(Headers headers, String name) {
        String found = null;
        for (Headers.Header header : headers) {
            if (header.name().equals(name)) {
                byte[] value = header.value();
                String text = header.text();
                boolean whole =
                        value.length <= LONGEST_SHORT_TEXT
                                && text.getBytes(StandardCharsets.UTF_8).length == value.length;
                if (found != null || !whole || text.indexOf('\uFFFD') >= 0) {
                    return null;
                }
                found = text;
            }
        }
        return found;
    }

    private static @Nullable String expiration(Duration time, Map<String, Object> table) {
        long millis = Math.max(1, time.toMillis());
        if (millis <= LONGEST_EXPIRATION) {
            return Long.toString(millis);
        }
        table.put(WireHeaders.TIME_TO_LIVE, Long.toString(millis));
        return null;
    }

    /** Whether a text fits into a property or a routing key. */
    static boolean fits(String text) {
        return text.length() <= LONGEST_SHORT_TEXT / 3
                || text.getBytes(StandardCharsets.UTF_8).length <= LONGEST_SHORT_TEXT;
    }
}
