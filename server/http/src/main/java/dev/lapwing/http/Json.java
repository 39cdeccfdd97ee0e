// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Reads and writes JSON as a stream, without trees. */
final class Json {
    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(512)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    private Json() {}

    static JsonGenerator generator(OutputStream target) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), target);
    }

    static JsonParser parser(byte[] body) {
        return FACTORY.createParser(ObjectReadContext.empty(), body);
    }

    /**
     * The payload that a JSON body stands for: the text of a JSON string, or any other value as it
     * is written, without the white space around it.
     *
     * @throws Refusal if the body is not one JSON value in UTF-8
     */
    static byte[] payload(byte[] body) {
        checkEncoding(body);
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw malformed("the body is empty");
            }
            byte[] payload;
            if (first == JsonToken.VALUE_STRING) {
                payload = text(parser.getString());
            } else {
                readThrough(parser);
                payload = trimmed(body);
            }
            if (parser.nextToken() != null) {
                throw malformed("there is more than one value");
            }
            return payload;
        } catch (JacksonException e) {
            throw malformed(e.getOriginalMessage());
        }
    }

    private static void readThrough(JsonParser parser) {
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        } else {
            parser.finishToken();
        }
    }

    /**
     * The UTF-8 of a JSON string.
     *
     * @throws Refusal if it has half of a surrogate pair
     */
    static byte[] text(String value) {
        for (int at = 0; at < value.length(); at++) {
            char c = value.charAt(at);
            if (Character.isSurrogate(c)) {
                boolean paired =
                        Character.isHighSurrogate(c)
                                && at + 1 < value.length()
                                && Character.isLowSurrogate(value.charAt(at + 1));
                if (!paired) {
                    throw malformed(
                            "the string has half of a surrogate pair, \\u%04x".formatted((int) c));
                }
                at++;
            }
        }
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** The parser would take UTF-16 and UTF-32 as well; what is stored must be UTF-8. */
    private static void checkEncoding(byte[] body) {
        boolean markedOrWide =
                body.length >= 2
                        && (body[0] == 0
                                || body[1] == 0
                                || (body[0] & 0xFF) >= 0xFE
                                || ((body[0] & 0xFF) == 0xEF && (body[1] & 0xFF) == 0xBB));
        if (markedOrWide || !Utf8.isValid(body)) {
            throw malformed("it is not UTF-8 without a byte order mark");
        }
    }

    private static byte[] trimmed(byte[] body) {
        int from = 0;
        int to = body.length;
        while (isWhite(body[from])) {
            from++;
        }
        while (isWhite(body[to - 1])) {
            to--;
        }
        return from == 0 && to == body.length ? body : java.util.Arrays.copyOfRange(body, from, to);
    }

    private static boolean isWhite(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static Refusal malformed(String why) {
        return new Refusal(
                Problem.badRequest(
                        ("The body is said to be application/json, but %s. Send one JSON value, or"
                                        + " another content-type to have the bytes stored as they"
                                        + " are")
                                .formatted(why)));
    }
}
