// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Delivery;
import dev.lapwing.Gap;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.TopicPattern;
import dev.lapwing.gateway.Place;
import dev.lapwing.gateway.TailListener;
import dev.lapwing.gateway.Tails;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/**
 * Reads the past of a topic for one subscriber, on a subscription of its own and no faster than the
 * socket takes it, until the subscriber hears live.
 */
final class Replay implements TailListener {
    private final SubscriberSocket subscriber;
    private final Worker worker;
    private final FrameEncoder encoder;
    private final Tails tails;
    private final CountDownLatch opened = new CountDownLatch(1);
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();
    private volatile boolean stopped;

    Replay(SubscriberSocket subscriber, Worker worker, FrameEncoder encoder, Tails tails) {
        this.subscriber = subscriber;
        this.worker = worker;
        this.encoder = encoder;
        this.tails = tails;
    }

    /**
     * Begins to read; blocks. Nothing is written before {@link #open}.
     *
     * @throws dev.lapwing.LapwingException if it cannot be read from there
     */
    void start(TopicPattern topics, StartAt start) {
        subscription.complete(tails.follow(topics, start, this));
    }

    /** The socket is open: what is read may be written. */
    void open() {
        opened.countDown();
    }

    /** Ends the reading; does not wait for it. */
    void stop() {
        stopped = true;
        open();
        subscription.thenAccept(
                running -> Thread.ofVirtual().name("lapwing-replay-end").start(running::close));
    }

    @Override
    public void burst(List<Delivery> deliveries) throws InterruptedException {
        opened.await();
        for (List<Delivery> piece : Pieces.of(deliveries)) {
            if (stopped) {
                return;
            }
            write(piece);
        }
    }

    private void write(List<Delivery> piece) throws InterruptedException {
        FrameBlock block = encoder.encode(subscriber.format(), piece);
        Place reached = tails.placeOf(piece.getLast());
        var taken = new CountDownLatch(1);
        if (worker.execute(() -> subscriber.replayed(block, reached, taken::countDown))) {
            taken.await();
        } else {
            block.release();
        }
    }

    @Override
    public void gap(Gap gap) {
        worker.execute(() -> subscriber.gap(gap));
    }

    @Override
    public void ended(String reason) {
        worker.execute(() -> subscriber.endOfTopic(reason));
    }
}
