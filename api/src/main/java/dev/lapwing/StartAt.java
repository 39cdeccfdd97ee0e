// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Where a subscription, or a new group, begins to see messages. */
public sealed interface StartAt {

    /** What is published after subscribe has returned. */
    record Now() implements StartAt {}

    /** The oldest message that is still kept. */
    record Earliest() implements StartAt {}

    /** Everything behind a position: the message at the position itself is not delivered again. */
    record After(Position position) implements StartAt {}

    /** The first message published at or after a time. */
    record Time(Instant instant) implements StartAt {}

    /** What is published after subscribe has returned: the default. */
    static StartAt now() {
        return new Now();
    }

    /** The oldest message that is still kept. */
    static StartAt earliest() {
        return new Earliest();
    }

    /** Everything behind a position. */
    static StartAt after(Position position) {
        return new After(position);
    }

    /** The first message published at or after a time. */
    static StartAt time(Instant instant) {
        return new Time(instant);
    }

    /**
     * Reads {@code now}, {@code earliest}, a time such as {@code 2026-11-20T09:00:00Z}, or a
     * position's token.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static StartAt parse(String text) {
        return switch (text) {
            case "now" -> now();
            case "earliest" -> earliest();
            default -> looksLikeTime(text) ? time(parseTime(text)) : after(new Position(text));
        };
    }

    private static boolean looksLikeTime(String text) {
        return text.length() >= 11 && text.charAt(4) == '-' && text.charAt(10) == 'T';
    }

    private static Instant parseTime(String text) {
        try {
            return java.time.OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'%s' is not a time; write it like 2026-11-20T09:00:00Z".formatted(text), e);
        }
    }
}
