// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.MessageBuilder;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One event of a batch, before it is known whether it is a valid message. */
final class BatchLine {

    private static final byte[] NOTHING = {};

    private String topic = "";
    private byte[] payload = NOTHING;
    private final List<Headers.Header> headers = new ArrayList<>();
    private final List<Consumer<MessageBuilder>> options = new ArrayList<>();

    private BatchLine() {}

    /**
     * Reads a batch.
     *
     * @throws Refusal if it is not a sequence of JSON objects with the fields of an event
     */
    static List<BatchLine> readAll(byte[] body) {
        var lines = new ArrayList<BatchLine>();
        try (JsonParser json = Json.parser(body)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token != JsonToken.START_OBJECT) {
                    throw malformed(lines.size(), "it is no JSON object");
                }
                var line = new BatchLine();
                lines.add(line);
                line.read(json);
            }
        } catch (JacksonException e) {
            throw malformed(Math.max(0, lines.size() - 1), e.getOriginalMessage());
        }
        return lines;
    }

    private static Refusal malformed(int index, String why) {
        return new Refusal(
                Problem.badRequest(
                        "Event %d of the batch cannot be read: %s. Nothing of the batch was stored"
                                .formatted(index, why)));
    }

    Message message() {
        MessageBuilder builder = Message.to(topic).payload(payload).headers(Headers.of(headers));
        options.forEach(option -> option.accept(builder));
        return builder.build();
    }

    private void read(JsonParser json) {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            field(name, json);
            json.skipChildren();
        }
    }

    private void field(String name, JsonParser json) {
        switch (name) {
            case "topic" -> topic = json.getString();
            case "data" -> payload = Json.text(json.getString());
            case "data_base64" -> payload = json.getBinaryValue();
            case "headers" -> headers(json);
            case "ttl" -> duration(json, MessageBuilder::timeToLive);
            case "delay" -> duration(json, MessageBuilder::deliverAfter);
            case "priority" -> {
                int priority = json.getIntValue();
                options.add(message -> message.priority(priority));
            }
            case "id" -> text(json, MessageBuilder::id);
            case "key" -> text(json, MessageBuilder::key);
            case "reply_to" -> text(json, MessageBuilder::replyTo);
            case "correlation_id" -> text(json, MessageBuilder::correlationId);
            default ->
                    throw new Refusal(
                            Problem.badRequest(
                                    "An event has no field '%s'"
                                            .formatted(Target.printable(name))));
        }
    }

    /** Sets one thing of a message. */
    @FunctionalInterface
    private interface Setter<T> {
        MessageBuilder set(MessageBuilder message, T value);
    }

    private void text(JsonParser json, Setter<String> setter) {
        String value = json.getString();
        options.add(message -> setter.set(message, value));
    }

    private void duration(JsonParser json, Setter<Duration> setter) {
        Duration value = Duration.ofMillis(json.getLongValue());
        options.add(message -> setter.set(message, value));
    }

    /** Objects with a name and a value, so that order and repetition are kept. */
    private void headers(JsonParser json) {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new Refusal(
                    Problem.badRequest(
                            "The headers of an event are a list of objects with a name and a"
                                    + " value"));
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            header(json);
        }
    }

    private void header(JsonParser json) {
        String name = "";
        byte[] value = NOTHING;
        for (String field = json.nextName(); field != null; field = json.nextName()) {
            json.nextToken();
            switch (field) {
                case "name" -> name = json.getString();
                case "value" -> value = json.getString().getBytes(StandardCharsets.UTF_8);
                case "value_base64" -> value = json.getBinaryValue();
                default -> json.skipChildren();
            }
        }
        headers.add(new Headers.Header(name, value));
    }
}
