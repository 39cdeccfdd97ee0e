// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.Delivery;
import dev.lapwing.Headers;
import dev.lapwing.Message;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A message as a JSON object: the fields of the server's {@code format=json}, and the topic. */
final class MessageJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private MessageJson() {}

    static byte[] of(Delivery delivery) {
        Message message = delivery.message();
        var bytes = new ByteArrayOutputStream(128 + message.payload().length);
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            json.writeStartObject();
            json.writeStringProperty("topic", message.topic());
            text(json, "position", delivery.position().map(Object::toString));
            text(json, "id", message.id());
            text(json, "key", message.key());
            json.writeStringProperty("time", message.timestamp().toString());
            headers(json, message.headers());
            data(json, message.payload());
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void text(JsonGenerator json, String name, Optional<String> value) {
        if (value.isPresent()) {
            json.writeStringProperty(name, value.get());
        } else {
            json.writeNullProperty(name);
        }
    }

    private static void headers(JsonGenerator json, Headers headers) {
        json.writeObjectPropertyStart("headers");
        Map<String, List<String>> byName =
                headers.entries().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Headers.Header::name,
                                        LinkedHashMap::new,
                                        Collectors.mapping(
                                                Headers.Header::text, Collectors.toList())));
        byName.forEach((name, values) -> {
            if (values.size() == 1) {
                json.writeStringProperty(name, values.getFirst());
            } else {
                json.writeArrayPropertyStart(name);
                values.forEach(json::writeString);
                json.writeEndArray();
            }
        });
        json.writeEndObject();
    }

    private static void data(JsonGenerator json, byte[] payload) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
            json.writeStringProperty("data", text);
        } catch (CharacterCodingException e) {
            json.writeName("data_base64");
            json.writeBinary(payload);
        }
    }
}
