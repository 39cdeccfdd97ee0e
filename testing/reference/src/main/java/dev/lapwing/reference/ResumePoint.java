// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import dev.lapwing.InvalidPositionException;
import dev.lapwing.Position;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How far a receiver has come in each partition that it reads: what a position means. With one
 * partition a topic it is a single number; otherwise it is written {@code topic.partition=offset},
 * joined by commas, with the topic's number.
 */
final class ResumePoint {

    private final Map<String, Long> offsets = new HashMap<>();

    /** Reads a token. */
    static ResumePoint parse(Position position) {
        var point = new ResumePoint();
        try {
            for (String part : position.token().split(",", -1)) {
                int equals = part.indexOf('=');
                point.offsets.put(
                        part.substring(0, Math.max(equals, 0)),
                        Long.parseLong(part.substring(equals + 1)));
            }
        } catch (NumberFormatException e) {
            throw new InvalidPositionException(
                    "Position '%s' is not one of the transport reference; give back a position as it was delivered"
                            .formatted(position),
                    e);
        }
        return point;
    }

    static Position single(Entry entry) {
        return new Position(Long.toString(entry.offset()));
    }

    private static String slot(ReferenceTopic topic, int partition) {
        return topic.number + "." + partition;
    }

    void passed(ReferenceTopic topic, int partition, long offset) {
        offsets.put(slot(topic, partition), offset);
    }

    boolean isBefore(ReferenceTopic topic, Entry entry) {
        Long single = offsets.get("");
        long seen =
                single != null ? single : offsets.getOrDefault(slot(topic, entry.partition()), 0L);
        return entry.offset() > seen;
    }

    Position position() {
        return new Position(
                offsets.entrySet().stream()
                        .map(slot -> slot.getKey() + "=" + slot.getValue())
                        .collect(Collectors.joining(",")));
    }
}
