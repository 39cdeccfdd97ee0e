// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.gateway;

import dev.lapwing.Administration.TopicInfo;
import dev.lapwing.Capability;
import dev.lapwing.Delivery;
import dev.lapwing.Gap;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.TopicPattern;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * Reads topics for subscribers of the server: without a group, so that nothing is remembered, and
 * in order. Safe for use by many threads.
 */
public final class Tails {

    private static final System.Logger LOG = System.getLogger("dev.lapwing.gateway");

    /** The most events of one burst; also how many may wait for the next one. */
    private static final int BURST = 256;

    private final Lapwing lapwing;
    private final boolean comparable;
    private final boolean knowsEnds;

    Tails(Lapwing lapwing) {
        this.lapwing = lapwing;
        this.comparable = lapwing.capabilities().has(Capability.COMPARABLE_POSITIONS);
        this.knowsEnds = lapwing.capabilities().has(Capability.ADMINISTRATION);
    }

    /**
     * Begins to read; when it returns, what is published from now on is heard. Blocks.
     *
     * @throws LapwingException if it cannot be read, or not from there
     */
    public Subscription follow(TopicPattern topics, StartAt start, TailListener listener) {
        Subscription subscription =
                lapwing.subscribe(topics.toString())
                        .from(start)
                        .prefetch(BURST)
                        .onGap(gap -> tell(listener, gap))
                        .handleBatch(BURST, Duration.ZERO, burst -> hear(listener, burst));
        subscription
                .ended()
                .whenComplete((nothing, error) -> {
                    if (error != null) {
                        listener.ended(reason(error));
                    }
                });
        return subscription;
    }

    private static String reason(Throwable error) {
        Throwable cause =
                error instanceof CompletionException && error.getCause() != null
                        ? error.getCause()
                        : error;
        return String.valueOf(cause.getMessage());
    }

    private static void tell(TailListener listener, Gap gap) {
        LOG.log(Level.WARNING, "Subscribers miss events: {0}", gap);
        listener.gap(gap);
    }

    private static void hear(TailListener listener, List<Delivery> burst) {
        try {
            listener.burst(burst);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whether a reader can be handed over from one subscription to another: only between the events
     * of a single topic whose positions can be compared.
     */
    public boolean canJoin(TopicPattern topics) {
        return comparable && !topics.isPattern();
    }

    /** The place of an event. */
    public Place placeOf(Delivery delivery) {
        return Place.of(delivery.position(), comparable);
    }

    /** The place that a reader asks to go on behind. */
    public Place placeOf(StartAt start) {
        return switch (start) {
            case StartAt.Earliest() -> Place.BEGINNING;
            case StartAt.After(Position position) -> Place.of(Optional.of(position), comparable);
            case StartAt.Now(), StartAt.Time(_) -> Place.UNKNOWN;
        };
    }

    /**
     * Where a topic ends now: its last event, or its beginning if it has none. Blocks.
     *
     * @return unknown for a pattern, and where the transport cannot tell
     */
    public Place endOf(TopicPattern topics) {
        if (!knowsEnds || topics.isPattern()) {
            return Place.UNKNOWN;
        }
        return lapwing.administration()
                .topic(topics.toString())
                .flatMap(TopicInfo::last)
                .map(last -> Place.of(Optional.of(last), comparable))
                .orElse(Place.BEGINNING);
    }
}
