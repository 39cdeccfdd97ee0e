// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.gateway;

import dev.lapwing.Position;
import dev.lapwing.StartAt;

import java.util.Optional;

/**
 * How far a reader of a topic has come.
 *
 * @param rank the position as a number that can be compared; -1 before everything, and where
 *     positions cannot be compared
 * @param from what {@link StartAt#parse} takes to go on behind this place; empty where that is not
 *     known
 */
public record Place(long rank, String from) {

    /** Nowhere that could be named. */
    public static final Place UNKNOWN = new Place(-1, "");

    /** Before the first event. */
    public static final Place BEGINNING = new Place(-1, "earliest");

    /** The place of an event, or of a start that a reader asked for. */
    static Place of(Optional<Position> position, boolean comparable) {
        return position.map(Position::token)
                .map(token -> new Place(comparable ? rank(token) : -1, token))
                .orElse(UNKNOWN);
    }

    /** Whether this place is as far as the other, or further. */
    public boolean reaches(Place other) {
        return rank >= other.rank;
    }

    /** What a close tells a reader that has nothing else to go by; empty if nothing is known. */
    public String advice() {
        if (from.isEmpty()) {
            return "";
        }
        return equals(BEGINNING) ? "resume from earliest" : "resume after " + from;
    }

    private static long rank(String token) {
        try {
            return Math.max(-1, Long.parseLong(token));
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
