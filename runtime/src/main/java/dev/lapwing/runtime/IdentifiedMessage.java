// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Headers;
import dev.lapwing.Message;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A message that came without an id, and the one that it was given; copies nothing. */
final class IdentifiedMessage implements Message {
    private final Message message;
    private final String id;

    IdentifiedMessage(Message message, String id) {
        this.message = message;
        this.id = id;
    }

    @Override
    public String topic() {
        return message.topic();
    }

    @Override
    public Optional<String> id() {
        return Optional.of(id);
    }

    @Override
    public Optional<String> key() {
        return message.key();
    }

    @Override
    public Headers headers() {
        return message.headers();
    }

    @Override
    public byte[] payload() {
        return message.payload();
    }

    @Override
    public boolean isTombstone() {
        return message.isTombstone();
    }

    @Override
    public Instant timestamp() {
        return message.timestamp();
    }

    @Override
    public Optional<Integer> priority() {
        return message.priority();
    }

    @Override
    public Optional<Duration> timeToLive() {
        return message.timeToLive();
    }

    @Override
    public Optional<Duration> deliverAfter() {
        return message.deliverAfter();
    }

    @Override
    public Optional<String> replyTo() {
        return message.replyTo();
    }

    @Override
    public Optional<String> correlationId() {
        return message.correlationId();
    }

    @Override
    public String toString() {
        return "%s with id %s".formatted(message, id);
    }
}
