// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.spi.Received;

import java.time.Instant;
import java.util.Optional;

/**
 * A message that was heard on a channel, and its own delivery: a topic, bytes, and when it was
 * heard.
 */
final class RedisChannelMessage implements Message, Received {
    private final String topic;
    private final byte[] payload;
    private final Instant heard;

    RedisChannelMessage(String topic, byte[] payload, Instant heard) {
        this.topic = topic;
        this.payload = payload;
        this.heard = heard;
    }

    @Override
    public Message message() {
        return this;
    }

    @Override
    public Optional<Position> position() {
        return Optional.empty();
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public Optional<String> id() {
        return Optional.empty();
    }

    @Override
    public Optional<String> key() {
        return Optional.empty();
    }

    @Override
    public Headers headers() {
        return Headers.none();
    }

    @Override
    public byte[] payload() {
        return payload;
    }

    @Override
    public Instant timestamp() {
        return heard;
    }

    @Override
    public String toString() {
        return "Message[topic=%s, %d bytes]".formatted(topic, payload.length);
    }
}
