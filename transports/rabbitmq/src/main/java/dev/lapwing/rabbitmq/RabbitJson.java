// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts, numbers and booleans. */
final class RabbitJson {
    private static final JsonFactory JSON = new JsonFactory();

    private RabbitJson() {}

    /** Values of a table of AMQP as JSON; bytes become Base64. */
    static String text(Object value) {
        var text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            write(value, out);
        }
        return text.toString();
    }

    private static void write(@Nullable Object value, JsonGenerator out) {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((name, each) -> {
                    out.writeName(String.valueOf(name));
                    write(each, out);
                });
                out.writeEndObject();
            }
            case List<?> list -> {
                out.writeStartArray();
                list.forEach(each -> write(each, out));
                out.writeEndArray();
            }
            case Boolean bool -> out.writeBoolean(bool);
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Double number -> out.writeNumber(number);
            case byte[] bytes -> out.writeString(Base64.getEncoder().encodeToString(bytes));
            default -> out.writeString(RabbitHeaders.scalar(value));
        }
    }

    /**
     * Reads JSON.
     *
     * @throws tools.jackson.core.JacksonException if it is none
     */
    static @Nullable Object parse(byte[] text) {
        try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), text)) {
            in.nextToken();
            return read(in);
        }
    }

    private static @Nullable Object read(JsonParser in) {
        return switch (in.currentToken()) {
            case JsonToken.START_OBJECT -> {
                var map = new LinkedHashMap<String, @Nullable Object>();
                while (in.nextToken() != JsonToken.END_OBJECT) {
                    String name = in.currentName();
                    in.nextToken();
                    map.put(name, read(in));
                }
                yield map;
            }
            case JsonToken.START_ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(in));
                }
                yield list;
            }
            case JsonToken.VALUE_NUMBER_INT -> in.getLongValue();
            case JsonToken.VALUE_NUMBER_FLOAT -> in.getDoubleValue();
            case JsonToken.VALUE_TRUE -> Boolean.TRUE;
            case JsonToken.VALUE_FALSE -> Boolean.FALSE;
            case JsonToken.VALUE_STRING -> in.getString();
            case null, default -> null;
        };
    }
}
