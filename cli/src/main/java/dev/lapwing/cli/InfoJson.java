// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.Administration.GroupInfo;
import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.Position;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Topics and groups as JSON. What cannot be told is null. */
final class InfoJson {

    private static final JsonFactory FACTORY = new JsonFactory();

    private InfoJson() {}

    static String topics(List<TopicInfo> topics) {
        return array(
                topics,
                (json, topic) -> {
                    json.writeStringProperty("name", topic.name());
                    number(json, "messages", topic.messages());
                    number(json, "bytes", topic.bytes());
                    position(json, "first", topic.first());
                    position(json, "last", topic.last());
                });
    }

    static String groups(List<GroupInfo> groups) {
        return array(
                groups,
                (json, group) -> {
                    json.writeStringProperty("name", group.name());
                    number(json, "lag", group.lag());
                    number(json, "in_flight", group.inFlight());
                    number(json, "members", group.members());
                });
    }

    private static <T> String array(List<T> elements, BiConsumer<JsonGenerator, T> fields) {
        var text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartArray();
            for (T element : elements) {
                json.writeStartObject();
                fields.accept(json, element);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
        return text.toString();
    }

    private static void number(JsonGenerator json, String name, long value) {
        if (value < 0) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, value);
        }
    }

    private static void position(JsonGenerator json, String name, Optional<Position> position) {
        if (position.isPresent()) {
            json.writeStringProperty(name, position.get().token());
        } else {
            json.writeNullProperty(name);
        }
    }
}
