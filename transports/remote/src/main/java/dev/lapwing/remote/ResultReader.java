// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Position;
import dev.lapwing.PublishResult;

import tools.jackson.core.JsonParser;

import java.util.Optional;

/** Reads what became of one message; used once, by one thread. */
final class ResultReader {

    private String id = "";
    private Optional<Position> position = Optional.empty();
    private boolean duplicate;
    private Optional<String> refused = Optional.empty();
    private Optional<String> unknown = Optional.empty();
    private boolean retriable;

    private ResultReader() {}

    /**
     * Reads the object at which the parser stands, or whose beginning comes next.
     *
     * @throws tools.jackson.core.JacksonException if there is none
     */
    static PublishResult read(JsonParser parser) {
        var reader = new ResultReader();
        Json.object(parser, reader::field);
        return reader.result();
    }

    private PublishResult result() {
        if (refused.isPresent()) {
            return new PublishResult.Refused(refused.get(), retriable);
        }
        if (unknown.isPresent()) {
            return new PublishResult.Unknown(unknown.get());
        }
        return PublishResult.stored(id, position, duplicate);
    }

    private void field(String name, JsonParser value) {
        switch (name) {
            case "id" -> id = value.getString();
            case "position" -> position = Json.text(value).map(Position::new);
            case "duplicate" -> duplicate = value.getBooleanValue();
            case "refused" -> refused = Json.text(value);
            case "unknown" -> unknown = Json.text(value);
            case "retriable" -> retriable = value.getBooleanValue();
            default -> {
                // A field of a newer server.
            }
        }
    }
}
