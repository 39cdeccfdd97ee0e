// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Position;
import dev.lapwing.StartAt;

import java.util.concurrent.CompletableFuture;

/**
 * Goes on behind the last position of one topic. "From now on" is turned into a position at the
 * beginning: a link that breaks before the first event loses nothing.
 */
final class TopicResume implements ResumePoint {

    private final Topics topics;
    private final String topic;
    private StartAt start;

    TopicResume(Topics topics, String topic, StartAt start) {
        this.topics = topics;
        this.topic = topic;
        this.start = start;
    }

    @Override
    public CompletableFuture<String> from() {
        if (!(start instanceof StartAt.Now)) {
            return CompletableFuture.completedFuture(text(start));
        }
        return topics.end(topic)
                .thenApply(end -> {
                    start = end.orElse(start);
                    return text(start);
                });
    }

    @Override
    public boolean advance(Frame.Event event) {
        event.received().position().map(StartAt::after).ifPresent(after -> start = after);
        return true;
    }

    static String text(StartAt start) {
        return switch (start) {
            case StartAt.Now now -> "now";
            case StartAt.Earliest earliest -> "earliest";
            case StartAt.After(Position position) -> position.token();
            case StartAt.Time(var instant) -> instant.toString();
        };
    }
}
