// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Delivery;
import dev.lapwing.Gap;
import dev.lapwing.Headers;
import dev.lapwing.Message;

import tools.jackson.core.JsonGenerator;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes an event with all that belongs to it as a JSON object. */
final class EventJson {
    private EventJson() {}

    static void write(Delivery event, boolean withTopic, OutputStream target) {
        Message message = event.message();
        try (JsonGenerator json = Json.generator(target)) {
            json.writeStartObject();
            event.position()
                    .ifPresent(place -> json.writeStringProperty("position", place.token()));
            if (withTopic) {
                json.writeStringProperty("topic", message.topic());
            }
            message.id().ifPresent(id -> json.writeStringProperty("id", id));
            message.key().ifPresent(key -> json.writeStringProperty("key", key));
            json.writeStringProperty("time", message.timestamp().toString());
            options(message, json);
            headers(message.headers(), json);
            data(message, json);
            json.writeEndObject();
        }
    }

    /** A gap as a JSON object that nobody takes for an event. */
    static byte[] of(Gap gap) {
        var text = new ByteArrayOutputStream(128);
        try (JsonGenerator json = Json.generator(text)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("gap");
            json.writeStringProperty("topic", gap.topic());
            gap.after().ifPresent(place -> json.writeStringProperty("after", place.token()));
            if (gap.messages() >= 0) {
                json.writeNumberProperty("messages", gap.messages());
            }
            json.writeStringProperty("reason", gap.reason());
            json.writeEndObject();
            json.writeEndObject();
        }
        return text.toByteArray();
    }

    private static void options(Message message, JsonGenerator json) {
        message.priority().ifPresent(value -> json.writeNumberProperty("priority", value));
        message.timeToLive().ifPresent(ttl -> json.writeNumberProperty("ttl", ttl.toMillis()));
        message.replyTo().ifPresent(topic -> json.writeStringProperty("reply_to", topic));
        message.correlationId().ifPresent(id -> json.writeStringProperty("correlation_id", id));
    }

    /** A header that stands once is a string; one that stands more often is a list of strings. */
    private static void headers(Headers headers, JsonGenerator json) {
        Map<String, List<byte[]>> byName = new LinkedHashMap<>();
        for (Headers.Header header : headers) {
            byName.computeIfAbsent(header.name(), name -> new ArrayList<>(1)).add(header.value());
        }
        json.writeObjectPropertyStart("headers");
        byName.forEach((name, values) -> {
            json.writeName(name);
            if (values.size() == 1) {
                value(values.getFirst(), json);
            } else {
                json.writeStartArray();
                values.forEach(each -> value(each, json));
                json.writeEndArray();
            }
        });
        json.writeEndObject();
    }

    private static void value(byte[] bytes, JsonGenerator json) {
        if (Utf8.isValid(bytes)) {
            json.writeUTF8String(bytes, 0, bytes.length);
        } else {
            json.writeStartObject();
            json.writeName("base64");
            json.writeBinary(bytes);
            json.writeEndObject();
        }
    }

    private static void data(Message message, JsonGenerator json) {
        byte[] payload = message.payload();
        if (message.isTombstone()) {
            json.writeNullProperty("data");
        } else if (Utf8.isValid(payload)) {
            json.writeName("data");
            json.writeUTF8String(payload, 0, payload.length);
        } else {
            json.writeName("data_base64");
            json.writeBinary(payload);
        }
    }
}
