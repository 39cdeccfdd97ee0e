// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Position;
import dev.lapwing.PublishResult;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/** A message that is on disk. Its id and position become text when somebody asks for them. */
final class StoredAt implements PublishResult.Stored {
    private final Topic topic;
    private final long place;
    private final @Nullable String given;

    /**
     * A message of a topic.
     *
     * @param given the id that it was published with; null if it has the one of its place
     */
    StoredAt(Topic topic, long place, @Nullable String given) {
        this.topic = topic;
        this.place = place;
        this.given = given;
    }

    @Override
    public String id() {
        return given != null ? given : topic.idAt(place);
    }

    @Override
    public Optional<Position> position() {
        return Optional.of(Positions.of(place));
    }

    @Override
    public boolean duplicate() {
        return false;
    }

    @Override
    public String toString() {
        return "Stored[id=%s, position=%d]".formatted(id(), place);
    }
}
