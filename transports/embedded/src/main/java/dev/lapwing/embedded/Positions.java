// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.InvalidPositionException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;

/** Positions of this transport: whole decimal numbers, 0 for the first message of a topic. */
final class Positions {
    private Positions() {}

    static Position of(long position) {
        return new Position(Long.toString(position));
    }

    /**
     * The position of the first message that a reader from here sees.
     *
     * @throws InvalidPositionException if it starts behind a position that the topic cannot have
     *     given out
     */
    static long start(Topic topic, StartAt start) {
        return switch (start) {
            case StartAt.Now now -> topic.stream().end();
            case StartAt.Earliest earliest -> topic.stream().first();
            case StartAt.Time time -> topic.stream().positionAt(time.instant());
            case StartAt.After after -> after(topic, after.position());
        };
    }

    /**
     * Does nothing if this start makes sense for many topics.
     *
     * @throws InvalidPositionException if it is a position
     */
    static void checkForPattern(TopicPattern pattern, StartAt start) {
        if (start instanceof StartAt.After(Position position)) {
            throw new InvalidPositionException(
                    ("Position %s belongs to one topic, and '%s' is a pattern; start from a time,"
                         + " from earliest or from now, or subscribe to the topic itself")
                            .formatted(position, pattern));
        }
    }

    private static long after(Topic topic, Position position) {
        long number = parse(topic.name(), position);
        if (number >= topic.stream().end()) {
            throw new InvalidPositionException(
                    ("Position %s is beyond the end of topic '%s', whose next message gets position"
                                    + " %d: it comes from another log, or from a topic that was"
                                    + " deleted since; start from earliest or now")
                            .formatted(position, topic.name(), topic.stream().end()));
        }
        return number + 1;
    }

    private static long parse(String topic, Position position) {
        String token = position.token();
        boolean digits = token.length() <= 18;
        for (int at = 0; at < token.length() && digits; at++) {
            digits = token.charAt(at) >= '0' && token.charAt(at) <= '9';
        }
        if (!digits) {
            throw new InvalidPositionException(
                    ("'%s' is not a position of topic '%s'; positions here are whole numbers from 0"
                                    + " up, as the messages carry them")
                            .formatted(token, topic));
        }
        return Long.parseLong(token);
    }
}
