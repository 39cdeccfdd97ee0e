// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The bodies of {@code POST /batch}: a JSON object for each message, one a line. */
final class BatchJson {

    static final String PATH = "/batch";
    static final String TYPE = "application/x-ndjson";

    private BatchJson() {}

    static byte[] write(List<Message> messages) {
        var body = new ByteArrayOutputStream(4096);
        try (JsonGenerator json = Json.generator(body)) {
            messages.forEach(message -> write(json, message));
        }
        return body.toByteArray();
    }

    private static void write(JsonGenerator json, Message message) {
        json.writeStartObject();
        json.writeStringProperty("topic", message.topic());
        message.id().ifPresent(id -> json.writeStringProperty("id", id));
        message.key().ifPresent(key -> json.writeStringProperty("key", key));
        message.timeToLive().ifPresent(t -> json.writeNumberProperty("ttl", t.toMillis()));
        message.deliverAfter().ifPresent(t -> json.writeNumberProperty("delay", t.toMillis()));
        message.priority().ifPresent(p -> json.writeNumberProperty("priority", p));
        message.replyTo().ifPresent(topic -> json.writeStringProperty("reply_to", topic));
        message.correlationId().ifPresent(id -> json.writeStringProperty("correlation_id", id));
        if (!message.headers().isEmpty()) {
            headers(json, message.headers());
        }
        bytes(json, "data", message.payload());
        json.writeEndObject();
    }

    /** Pairs of name and value, so that order and repetition are kept. */
    private static void headers(JsonGenerator json, Headers headers) {
        json.writeArrayPropertyStart("headers");
        for (Headers.Header header : headers) {
            json.writeStartObject();
            json.writeStringProperty("name", header.name());
            bytes(json, "value", header.value());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void bytes(JsonGenerator json, String name, byte[] bytes) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            json.writeStringProperty(name, text);
        } catch (CharacterCodingException e) {
            json.writeName(name + "_base64");
            json.writeBinary(bytes);
        }
    }

    /**
     * Reads the answer.
     *
     * @param count how many messages were sent
     * @return as many results; those that the server did not tell are unknown
     */
    static List<PublishResult> read(String body, int count) {
        var results = new ArrayList<PublishResult>(count);
        try (JsonParser parser = Json.parser(body)) {
            while (results.size() < count && parser.nextToken() == JsonToken.START_OBJECT) {
                results.add(ResultReader.read(parser));
            }
        }
        while (results.size() < count) {
            results.add(new PublishResult.Unknown("the server did not tell what became of it"));
        }
        return results;
    }
}
