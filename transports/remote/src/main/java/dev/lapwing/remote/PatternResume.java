// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Goes on where all topics of a pattern stood. Positions belong to one topic each, so the server is
 * asked for a time before the link was lost, and what was seen before is dropped by its position.
 *
 * <p>That time moves on only when everything that was there at the last connect has been seen:
 * before that, the topics may be read one after the other.
 */
final class PatternResume implements ResumePoint {

    /** How far the times of messages may be out of order. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final Topics topics;
    private final TopicPattern pattern;
    private final Map<String, Position> seen = new HashMap<>();
    private final Map<String, Position> awaited = new HashMap<>();
    private StartAt start;
    private Instant latest = Instant.EPOCH;

    PatternResume(Topics topics, TopicPattern pattern, StartAt start) {
        this.topics = topics;
        this.pattern = pattern;
        this.start = start;
    }

    @Override
    public CompletableFuture<String> from() {
        if (start instanceof StartAt.After) {
            return CompletableFuture.completedFuture(TopicResume.text(start));
        }
        return topics.all().thenApply(this::from);
    }

    private String from(Topics.Listing listing) {
        if (awaited.isEmpty() && latest.isAfter(Instant.EPOCH)) {
            start = StartAt.time(latest.minus(MARGIN));
        }
        String from = TopicResume.text(start);
        boolean now = start instanceof StartAt.Now;
        for (TopicInfo topic : listing.topics()) {
            if (pattern.matches(topic.name()) && topic.last().isPresent()) {
                (now ? seen : awaited).put(topic.name(), topic.last().get());
            }
        }
        awaited.entrySet().removeIf(last -> isSeen(last.getKey(), last.getValue()));
        if (now) {
            start =
                    listing.serverTime()
                            .map(time -> StartAt.time(time.minus(MARGIN)))
                            .orElseGet(StartAt::earliest);
        }
        return from;
    }

    @Override
    public boolean advance(Frame.Event event) {
        String topic = event.received().message().topic();
        Instant time = event.received().message().timestamp();
        if (event.received().position().isEmpty()) {
            return true;
        }
        Position position = event.received().position().get();
        if (isSeen(topic, position)) {
            return false;
        }
        seen.put(topic, position);
        awaited.computeIfPresent(topic, (name, last) -> isSeen(name, last) ? null : last);
        latest = time.isAfter(latest) ? time : latest;
        return true;
    }

    private boolean isSeen(String topic, Position position) {
        Position last = seen.get(topic);
        return last != null && (last.equals(position) || isNotBehind(position, last));
    }

    /** Positions that are no numbers cannot be compared: only the last one is known to be seen. */
    private static boolean isNotBehind(Position position, Position last) {
        OptionalLong one = number(position);
        OptionalLong other = number(last);
        return one.isPresent() && other.isPresent() && one.getAsLong() <= other.getAsLong();
    }

    private static OptionalLong number(Position position) {
        try {
            return OptionalLong.of(Long.parseLong(position.token()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
