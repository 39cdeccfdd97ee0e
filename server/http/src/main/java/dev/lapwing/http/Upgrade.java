// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;
import dev.lapwing.gateway.Place;
import dev.lapwing.gateway.Tails;
import dev.lapwing.gateway.TopicHub;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.CompletionException;

/**
 * One request on its way to become a subscriber. It is answered only when the subscription is in
 * force, so that whoever publishes after the answer is heard.
 */
final class Upgrade {
    private final HttpServer server;
    private final Exchange exchange;
    private final HttpConnection connection;
    private final Worker worker;
    private final Handshake handshake;
    private final TopicPattern topics;
    private final Format format;
    private final StartAt start;
    private final Tails tails;

    Upgrade(
            HttpServer server,
            Exchange exchange,
            Handshake handshake,
            TopicPattern topics,
            Format format,
            StartAt start) {
        this.server = server;
        this.exchange = exchange;
        this.connection = exchange.connection();
        this.worker = connection.worker();
        this.handshake = handshake;
        this.topics = topics;
        this.format = format;
        this.start = start;
        this.tails = server.gateway().tails();
    }

    /** Goes to work; on the event loop. */
    void begin() {
        connection.beginUpgrade();
        if (start instanceof StartAt.Now) {
            listen();
        } else {
            Thread.ofVirtual().name("lapwing-replay-start").start(this::lookBack);
        }
    }

    private void listen() {
        TopicHub<FanOut> hub = server.hubs().hold(topics);
        hub.opened()
                .whenComplete((open, error) ->
                        onLoop(
                                hub,
                                () -> {
                                    if (error != null) {
                                        giveUp(hub, error);
                                    } else {
                                        var subscriber = subscriber(hub, Place.UNKNOWN);
                                        if (open(subscriber)) {
                                            subscriber.goLive();
                                        }
                                    }
                                }));
    }

    /** Gets hold of the past; blocks, on a virtual thread. */
    private void lookBack() {
        TopicHub<FanOut> hub = tails.canJoin(topics) ? server.hubs().hold(topics) : null;
        try {
            Place place = tails.placeOf(start);
            if (hub != null) {
                hub.opened().join();
                checkNotAhead(place, tails.endOf(topics));
            }
            onLoop(hub, () -> replay(hub, place));
        } catch (RuntimeException e) {
            onLoop(hub, () -> giveUp(hub, e));
        }
    }

    /** A position that was never given out must come from elsewhere, or from before a loss. */
    private void checkNotAhead(Place place, Place end) {
        if (end.rank() >= 0 && place.rank() > end.rank()) {
            throw new Refusal(
                    Problem.of(
                            409,
                            "position-ahead",
                            "There is no such position",
                            ("from is %s, but the last event of '%s' has position %s. Is this the"
                                            + " server that it came from? Begin anew with"
                                            + " from=earliest or from=now")
                                    .formatted(place.from(), topics, end.from())));
        }
    }

    private void replay(@Nullable TopicHub<FanOut> hub, Place place) {
        var subscriber = subscriber(hub, place);
        boolean known = start instanceof StartAt.Earliest || place.rank() >= 0;
        if (known && subscriber.hasCaughtUp()) {
            if (open(subscriber)) {
                subscriber.goLive();
            }
            return;
        }
        FrameEncoder encoder = hub != null ? hub.fanOut().encoder() : server.frameEncoder(topics);
        var replay = new Replay(subscriber, worker, encoder, tails);
        subscriber.replayWith(replay);
        Thread.ofVirtual()
                .name("lapwing-replay-start")
                .start(() -> {
                    try {
                        replay.start(topics, start);
                        worker.execute(() -> openReplay(subscriber, replay));
                    } catch (RuntimeException e) {
                        worker.execute(() -> {
                            subscriber.abandon();
                            refuse(e);
                        });
                    }
                });
    }

    private void openReplay(SubscriberSocket subscriber, Replay replay) {
        if (open(subscriber)) {
            replay.open();
        }
    }

    private SubscriberSocket subscriber(@Nullable TopicHub<FanOut> hub, Place place) {
        return new SubscriberSocket(server, connection, format, hub, place);
    }

    /** Answers the handshake, unless it is too late for that. */
    private boolean open(SubscriberSocket subscriber) {
        if (!connection.channel().isActive() || connection.isDraining()) {
            subscriber.abandon();
            refuse(new Refusal(Problem.unavailable("The server is stopping; connect again")));
            return false;
        }
        connection.upgrade(exchange, handshake.answer(connection.channel()), subscriber);
        return true;
    }

    private void giveUp(@Nullable TopicHub<FanOut> hub, Throwable error) {
        if (hub != null) {
            server.hubs().release(hub, System.nanoTime());
        }
        refuse(error);
    }

    private void refuse(Throwable error) {
        Throwable cause =
                error instanceof CompletionException && error.getCause() != null
                        ? error.getCause()
                        : error;
        connection.refuseUpgrade(
                exchange,
                cause instanceof IllegalArgumentException
                        ? Problem.badRequest(String.valueOf(cause.getMessage()))
                        : Failures.problem(cause));
    }

    private void onLoop(@Nullable TopicHub<FanOut> hub, Runnable task) {
        if (!worker.execute(task) && hub != null) {
            server.hubs().release(hub, System.nanoTime());
        }
    }
}
