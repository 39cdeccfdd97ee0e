// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Gap;
import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;
import dev.lapwing.Position;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one text frame of {@code /subscribe/{topic}?format=json}; used once, by one thread. */
final class FrameReader {

    private static final byte[] NOTHING = {};

    private String topic;
    private byte[] payload = NOTHING;
    private Optional<Position> position = Optional.empty();
    private Optional<String> id = Optional.empty();
    private Optional<String> key = Optional.empty();
    private Optional<String> replyTo = Optional.empty();
    private Optional<String> correlationId = Optional.empty();
    private Optional<Instant> time = Optional.empty();
    private Optional<Integer> priority = Optional.empty();
    private Optional<Duration> timeToLive = Optional.empty();
    private Optional<Frame> missing = Optional.empty();
    private final List<Headers.Header> headers = new ArrayList<>();

    private FrameReader(String topic) {
        this.topic = topic;
    }

    /**
     * Reads a frame.
     *
     * @param topic the topic of an event that does not name one
     * @throws RuntimeException if it is not what the server's document says
     */
    static Frame read(String text, String topic) {
        var reader = new FrameReader(topic);
        try (JsonParser parser = Json.parser(text)) {
            Json.object(parser, reader::field);
        }
        return reader.missing.orElseGet(reader::event);
    }

    private Frame event() {
        MessageBuilder message = Message.to(topic).headers(Headers.of(headers)).payload(payload);
        id.ifPresent(message::id);
        key.ifPresent(message::key);
        time.ifPresent(message::timestamp);
        priority.ifPresent(message::priority);
        timeToLive.ifPresent(message::timeToLive);
        replyTo.ifPresent(message::replyTo);
        correlationId.ifPresent(message::correlationId);
        return new Frame.Event(new RemoteReceived(message.build(), position));
    }

    private void field(String name, JsonParser value) {
        switch (name) {
            case "topic" -> topic = value.getString();
            case "position" -> position = Json.text(value).map(Position::new);
            case "id" -> id = Json.text(value);
            case "key" -> key = Json.text(value);
            case "reply_to" -> replyTo = Json.text(value);
            case "correlation_id" -> correlationId = Json.text(value);
            case "time" -> time = Json.text(value).map(Instant::parse);
            case "priority" -> priority = Json.text(value).map(Integer::valueOf);
            case "ttl" -> timeToLive = Json.text(value).map(Long::valueOf).map(Duration::ofMillis);
            case "data" -> payload = value.getString().getBytes(StandardCharsets.UTF_8);
            case "data_base64" -> payload = value.getBinaryValue();
            case "headers" -> Json.object(value, this::header);
            case "gap" -> missing = Optional.of(new Frame.Missing(gap(value)));
            default -> {
                // A field of a newer server.
            }
        }
    }

    private void header(String name, JsonParser value) {
        if (value.currentToken() == JsonToken.START_ARRAY) {
            while (value.nextToken() != JsonToken.END_ARRAY) {
                header(name, value);
            }
        } else if (value.currentToken() == JsonToken.START_OBJECT) {
            Json.object(
                    value,
                    (kind, bytes) -> {
                        if (kind.equals("base64")) {
                            headers.add(new Headers.Header(name, bytes.getBinaryValue()));
                        }
                    });
        } else {
            headers.add(
                    new Headers.Header(name, value.getString().getBytes(StandardCharsets.UTF_8)));
        }
    }

    private Gap gap(JsonParser value) {
        var gap = new MissingMessages(topic);
        Json.object(value, gap::field);
        return new Gap(gap.topic, gap.after, gap.messages, gap.reason);
    }

    private static final class MissingMessages {
        private String topic;
        private Optional<Position> after = Optional.empty();
        private long messages = -1;
        private String reason = "the server does not say why";

        MissingMessages(String topic) {
            this.topic = topic;
        }

        void field(String name, JsonParser value) {
            switch (name) {
                case "topic" -> topic = value.getString();
                case "after" -> after = Json.text(value).map(Position::new);
                case "messages" -> messages = value.getLongValue();
                case "reason" -> reason = value.getString();
                default -> {
                    // A field of a newer server.
                }
            }
        }
    }
}
