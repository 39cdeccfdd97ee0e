// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.OutputStream;
import java.util.Optional;

/** Reads and writes JSON by streaming. */
final class Json {

    private static final JsonFactory FACTORY =
            JsonFactory.builder().rootValueSeparator("\n").build();

    private Json() {}

    /** Takes one field of an object; the parser stands at its value, and may be left at its end. */
    @FunctionalInterface
    interface Field {
        void read(String name, JsonParser value);
    }

    static JsonParser parser(String text) {
        return FACTORY.createParser(ObjectReadContext.empty(), text);
    }

    /** Writes values to be read one a line. */
    static JsonGenerator generator(OutputStream out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /**
     * Reads the object at which the parser stands, or whose beginning comes next.
     *
     * @throws tools.jackson.core.JacksonException if it is no object, or no JSON
     */
    static void object(JsonParser parser, Field field) {
        if (parser.currentToken() != JsonToken.START_OBJECT
                && parser.nextToken() != JsonToken.START_OBJECT) {
            throw new tools.jackson.core.exc.StreamReadException(parser, "not a JSON object");
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            field.read(name, parser);
            parser.skipChildren();
        }
    }

    /** The value as text; empty for JSON's null and for what has no text. */
    static Optional<String> text(JsonParser value) {
        return value.currentToken() == JsonToken.VALUE_NULL
                ? Optional.empty()
                : Optional.ofNullable(value.getValueAsString());
    }
}
