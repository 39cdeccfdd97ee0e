// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is published and delivered: a topic, bytes, and what belongs to them.
 *
 * <p>Messages never change and are safe to share between threads. {@link #to} builds one; a
 * transport may hand out its own implementation that decodes on demand.
 */
public interface Message {

    /** The topic that it is published to, or was read from. */
    String topic();

    /**
     * The id. Publishing the same id again within the transport's window stores nothing twice where
     * {@link Capability#DEDUPLICATION} is there. Empty before it is published, where a foreign
     * client wrote a message without one, and where messages have no ids of their own ({@link
     * Capability#ASSIGNED_IDS}) and the publisher gave none.
     */
    Optional<String> id();

    /** Messages of one key are handled in order. Empty: no order is asked for. */
    Optional<String> key();

    /** The headers, in the order they were written; empty where there are none. */
    Headers headers();

    /**
     * The payload. The array may be shared: do not change it. Empty for a {@link #isTombstone()
     * tombstone}.
     */
    byte[] payload();

    /** Whether the broker's value was null (Kafka), which marks its key as deleted. */
    default boolean isTombstone() {
        return false;
    }

    /** When it was published; for a message that is not yet published, when it was built. */
    Instant timestamp();

    /** How urgent: 0 (least) to 9. Empty: the broker's default. */
    default Optional<Integer> priority() {
        return Optional.empty();
    }

    /** How long after {@link #timestamp()} it is still worth delivering. Empty: for ever. */
    default Optional<Duration> timeToLive() {
        return Optional.empty();
    }

    /** How long after publishing it becomes visible to subscribers. Empty: at once. */
    default Optional<Duration> deliverAfter() {
        return Optional.empty();
    }

    /**
     * Where a reply is awaited: a topic, or an address of the broker's own where {@link
     * Capability#REQUEST_REPLY} is native.
     */
    default Optional<String> replyTo() {
        return Optional.empty();
    }

    /** The mark that ties a reply to its request. */
    default Optional<String> correlationId() {
        return Optional.empty();
    }

    /** The payload as UTF-8 text; bytes that are not UTF-8 become U+FFFD. */
    default String text() {
        return new String(payload(), StandardCharsets.UTF_8);
    }

    /** The first value of a header, as text. */
    default Optional<String> header(String name) {
        return headers().first(name);
    }

    /** Begins a message to a topic; the name is checked when it is published. */
    static MessageBuilder to(String topic) {
        return new MessageBuilder(topic);
    }

    /** Begins a copy of this message to another topic: same payload, id, key, headers, options. */
    default MessageBuilder copyTo(String topic) {
        return new MessageBuilder(topic, this);
    }
}
