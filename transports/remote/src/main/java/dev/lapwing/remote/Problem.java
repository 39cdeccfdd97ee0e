// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.PublishResult;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

import java.net.http.HttpResponse;

/**
 * Why the server answered with an error.
 *
 * @param status the HTTP status
 * @param type the kind of problem, as a URI; empty where there is none
 * @param text what its problem JSON (RFC 9457) says, in words for people
 */
record Problem(int status, String type, String text) {

    /** Reads an answer, which may be no problem JSON at all. */
    static Problem of(HttpResponse<?> response) {
        return of(response.statusCode(), String.valueOf(response.body()));
    }

    /** Reads the body of an answer with this status. */
    static Problem of(int status, String body) {
        var texts = new String[] {"", "", ""};
        try (JsonParser parser = Json.parser(body)) {
            Json.object(
                    parser,
                    (name, value) -> {
                        switch (name) {
                            case "title" -> texts[0] = value.getString();
                            case "detail" -> texts[1] = value.getString();
                            case "type" -> texts[2] = value.getString();
                            default -> {
                                // The status says the rest.
                            }
                        }
                    });
        } catch (JacksonException e) {
            return new Problem(status, "", "the server answered with status " + status);
        }
        String text = texts[1].isEmpty() ? texts[0] : texts[1];
        return new Problem(status, texts[2], text.isEmpty() ? "status " + status : text);
    }

    /** Whether the same request may succeed later. */
    boolean isPassing() {
        return status == 408 || status == 429 || (status == 503 && !type.endsWith(":refused"));
    }

    /** Whether the position to begin at is the problem. */
    boolean isAboutPosition() {
        return type.endsWith("position");
    }

    /** What became of a message that was answered so. */
    PublishResult result() {
        return status < 500 || status == 501 || status == 503 || status == 507
                ? new PublishResult.Refused(text, isPassing())
                : new PublishResult.Unknown(text);
    }
}
