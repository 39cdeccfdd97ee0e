// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Delivery;
import dev.lapwing.Gap;
import dev.lapwing.gateway.Place;
import dev.lapwing.gateway.TailListener;
import dev.lapwing.gateway.Tails;

import java.util.ArrayList;
import java.util.List;

/**
 * Hands the events of one hub to all its subscribers: encodes a burst once, gives it to each event
 * loop as one task, and waits until it is written. What comes meanwhile makes the next burst, so
 * the busier the server is, the more events share a system call.
 */
final class FanOut implements TailListener {
    private final Tails tails;
    private final FrameEncoder encoder;
    private final List<LoopFeed> feeds;
    private final Pace pace = new Pace();

    private volatile Place last = Place.UNKNOWN;

    FanOut(Tails tails, FrameEncoder encoder, List<Worker> workers) {
        this.tails = tails;
        this.encoder = encoder;
        this.feeds = workers.stream().map(worker -> new LoopFeed(worker, this)).toList();
    }

    /** The part of this fan-out that is confined to a worker's event loop. */
    LoopFeed on(Worker worker) {
        return feeds.get(worker.index());
    }

    /** The place of the newest burst that was handed out, or is just going to be. */
    Place last() {
        return last;
    }

    Pace pace() {
        return pace;
    }

    FrameEncoder encoder() {
        return encoder;
    }

    @Override
    public void burst(List<Delivery> deliveries) throws InterruptedException {
        for (List<Delivery> piece : Pieces.of(deliveries)) {
            pace.awaitTurn();
            spread(piece);
        }
    }

    private void spread(List<Delivery> events) throws InterruptedException {
        Place place = tails.placeOf(events.getLast());
        last = place; // before the look at who is attached: see LoopFeed.attach
        var attached = new ArrayList<LoopFeed>(feeds.size());
        for (LoopFeed feed : feeds) {
            if (feed.isAttached()) {
                attached.add(feed);
            }
        }
        if (attached.isEmpty()) {
            return;
        }
        var burst = new Burst(events, encoder, place, attached.size());
        for (Format format : Format.values()) {
            if (attached.stream().anyMatch(feed -> feed.reads(format))) {
                burst.block(format);
            }
        }
        attached.forEach(feed -> feed.offer(burst));
        burst.awaitWritten();
    }

    @Override
    public void gap(Gap gap) {
        feeds.forEach(feed -> feed.gap(gap));
    }

    @Override
    public void ended(String reason) {
        feeds.forEach(feed -> feed.end(reason));
    }
}
