// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.PublishResult.Stored;

import tools.jackson.core.io.JsonStringEncoder;

import java.nio.charset.StandardCharsets;

/** What a publisher gets back when its event is stored. */
record Receipt(Stored stored, String topic) {
    private static final JsonStringEncoder QUOTER = JsonStringEncoder.getInstance();

    static Receipt of(Stored stored, String topic) {
        return new Receipt(stored, topic);
    }

    Answer answer() {
        var json = new StringBuilder(128).append("{\"id\":\"");
        QUOTER.quoteAsString(stored.id(), json);
        QUOTER.quoteAsString(topic, json.append("\",\"topic\":\""));
        json.append('"');
        if (stored.position().isPresent()) {
            json.append(",\"position\":\"");
            QUOTER.quoteAsString(stored.position().get().token(), json);
            json.append('"');
        }
        json.append(stored.duplicate() ? ",\"duplicate\":true}" : "}");
        return Answer.json(200, json.toString().getBytes(StandardCharsets.UTF_8));
    }
}
