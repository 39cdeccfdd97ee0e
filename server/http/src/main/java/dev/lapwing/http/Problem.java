// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * What is wrong with a request, told as RFC 9457 does.
 *
 * @param status the HTTP status
 * @param name the kind of problem, the last word of its {@code type}
 * @param title the kind of problem in words
 * @param detail what is wrong this time: the thing, its value and what to do
 * @param headers header lines that belong to the answer, each with its line end
 */
record Problem(int status, String name, String title, String detail, List<String> headers) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem badRequest(String detail) {
        return of(400, "bad-request", "The request is not valid", detail);
    }

    static Problem invalidTopic(String detail) {
        return of(400, "invalid-topic", "The topic's name is not valid", detail);
    }

    static Problem notFound(String detail) {
        return of(404, "not-found", "There is nothing here", detail);
    }

    static Problem tooLarge(String detail) {
        return of(413, "payload-too-large", "The payload is too large", detail);
    }

    static Problem unsupportedMedia(String detail) {
        return of(415, "unsupported-media-type", "The body cannot be read", detail);
    }

    static Problem unavailable(String detail) {
        return of(503, "unavailable", "Not now", detail).with("retry-after: 1");
    }

    static Problem methodNotAllowed(String method, String path, String allowed) {
        return of(
                        405,
                        "method-not-allowed",
                        "This method is not for this path",
                        "%s is not for %s; use %s".formatted(method, path, allowed))
                .with("allow: " + allowed);
    }

    static Problem upgradeRequired(String detail) {
        return of(426, "upgrade-required", "This path speaks WebSocket", detail)
                .with("upgrade: websocket")
                .with("sec-websocket-version: 13");
    }

    static Problem of(int status, String name, String title, String detail) {
        return new Problem(status, name, title, detail, List.of());
    }

    Problem with(String headerLine) {
        var longer = new java.util.ArrayList<>(headers);
        longer.add(headerLine + "\r\n");
        return new Problem(status, name, title, detail, List.copyOf(longer));
    }

    Answer answer() {
        var body = new ByteArrayOutputStream(256);
        try (var json = Json.generator(body)) {
            json.writeStartObject();
            json.writeStringProperty("type", "urn:lapwing:problem:" + name);
            json.writeStringProperty("title", title);
            json.writeNumberProperty("status", status);
            json.writeStringProperty("detail", detail);
            json.writeEndObject();
        }
        return new Answer(status, MEDIA_TYPE, body.toByteArray(), headers);
    }
}
