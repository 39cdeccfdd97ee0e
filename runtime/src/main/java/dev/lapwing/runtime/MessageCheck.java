// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.Headers;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.Message;
import dev.lapwing.PayloadTooLargeException;
import dev.lapwing.TopicName;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * The limits of a message, checked before anything is sent. Safe for use by many threads.
 *
 * <p>Ids have 1 to 255 bytes of UTF-8, keys up to 65,536, names of headers 1 to 255 without control
 * characters, all headers together up to 65,536.
 */
final class MessageCheck {
    private static final int MAX_ID_BYTES = 255;
    private static final int MAX_REPLY_TO_BYTES = 1024;
    private static final int MAX_KEY_BYTES = 1 << 16;
    private static final int MAX_HEADER_NAME_BYTES = 255;
    private static final int MAX_HEADERS_BYTES = 1 << 16;
    private static final int NAMES = 256;

    private final Capabilities capabilities;
    private final int maxPayloadBytes;

    /**
     * Names that were found valid, by hash. Threads race for its places, and may: a miss costs a
     * check.
     */
    private final String[] validNames = new String[NAMES];

    MessageCheck(Capabilities capabilities, int maxPayloadBytes) {
        this.capabilities = capabilities;
        this.maxPayloadBytes = maxPayloadBytes;
        java.util.Arrays.fill(validNames, "_");
    }

    /**
     * Does nothing if the message may be sent.
     *
     * @throws InvalidMessageException if it breaks a limit
     * @throws dev.lapwing.UnsupportedCapabilityException if it asks for what cannot be done
     */
    void check(Message message) {
        String topic = message.topic();
        checkTopic(topic);
        checkPayload(message);
        message.id().ifPresent(id -> checkSize(topic, "id", id, 1, MAX_ID_BYTES));
        message.key().ifPresent(key -> checkKey(topic, key));
        if (!message.headers().isEmpty()) {
            checkHeaders(topic, message.headers());
        }
        checkOptions(topic, message);
    }

    /** Does nothing if the payload is within the limit. */
    void checkPayload(Message message) {
        byte[] payload = Objects.requireNonNull(message.payload(), "payload");
        if (payload.length > maxPayloadBytes) {
            throw new PayloadTooLargeException(message.topic(), payload.length, maxPayloadBytes);
        }
    }

    private void checkTopic(String topic) {
        int place = topic.hashCode() & (NAMES - 1);
        if (!validNames[place].equals(topic)) {
            validNames[place] = TopicName.check(topic);
        }
    }

    private void checkKey(String topic, String key) {
        capabilities.require(Capability.KEYS);
        checkSize(topic, "key", key, 0, MAX_KEY_BYTES);
    }

    private void checkHeaders(String topic, Headers headers) {
        capabilities.require(Capability.HEADERS);
        long total = 0;
        for (Headers.Header header : headers) {
            checkSize(topic, "header name", header.name(), 1, MAX_HEADER_NAME_BYTES);
            if (header.name().chars().anyMatch(Character::isISOControl)) {
                throw new InvalidMessageException(
                        "Message to topic '%s' has a header name with a control character; take it out"
                                .formatted(topic));
            }
            total += header.name().length() + header.value().length;
        }
        if (total > MAX_HEADERS_BYTES) {
            throw new InvalidMessageException(
                    "Message to topic '%s' has %d bytes of headers; the limit is %d, put large values into the payload"
                            .formatted(topic, total, MAX_HEADERS_BYTES));
        }
    }

    private void checkOptions(String topic, Message message) {
        message.priority().ifPresent(priority -> checkPriority(topic, priority));
        message.timeToLive().ifPresent(time -> checkTimeToLive(topic, time));
        message.deliverAfter().ifPresent(time -> checkDelay(topic, time));
        if (message.replyTo().isPresent() || message.correlationId().isPresent()) {
            capabilities.require(Capability.REQUEST_REPLY);
            message.replyTo().ifPresent(address -> checkReplyTo(topic, address));
        }
    }

    /** The broker's own addresses follow its own rules. */
    private void checkReplyTo(String topic, String address) {
        if (!capabilities.isNative(Capability.REQUEST_REPLY)) {
            TopicName.check(address);
        } else if (address.isEmpty() || address.chars().anyMatch(Character::isISOControl)) {
            throw invalid(
                    topic, "replyTo", "'" + address + "'", "an address without control characters");
        } else {
            checkSize(topic, "replyTo", address, 1, MAX_REPLY_TO_BYTES);
        }
    }

    private void checkPriority(String topic, int priority) {
        capabilities.require(Capability.PRIORITY);
        if (priority < 0 || priority > 9) {
            throw invalid(topic, "priority", priority, "from 0 (least) to 9");
        }
    }

    private void checkTimeToLive(String topic, Duration time) {
        capabilities.require(Capability.TIME_TO_LIVE);
        if (!time.isPositive()) {
            throw invalid(topic, "timeToLive", time, "above zero");
        }
    }

    private void checkDelay(String topic, Duration time) {
        capabilities.require(Capability.DELAY);
        if (time.isNegative()) {
            throw invalid(topic, "deliverAfter", time, "zero or more");
        }
    }

    private static InvalidMessageException invalid(
            String topic, String what, Object value, String need) {
        return new InvalidMessageException(
                "Message to topic '%s' has %s %s; it must be %s"
                        .formatted(topic, what, value, need));
    }

    private static void checkSize(String topic, String what, String text, int least, int most) {
        if (text.length() >= least && text.length() <= most / 3) {
            return;
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < least || bytes > most) {
            throw new InvalidMessageException(
                    "Message to topic '%s' has a %s of %d bytes; it must have %d to %d"
                            .formatted(topic, what, bytes, least, most));
        }
    }
}
