// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.gateway;

import dev.lapwing.Delivery;
import dev.lapwing.Gap;
import dev.lapwing.StartAt;
import dev.lapwing.Subscription;
import dev.lapwing.TopicPattern;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The live end of one topic or pattern: one subscription, read once for all its listeners. Owned by
 * {@link TopicHubs}, which opens it for the first holder and closes it some time after the last.
 *
 * @param <F> what the events of this hub are fanned out by
 */
public final class TopicHub<F extends TailListener> {
    private final TopicPattern topics;
    private final Tails tails;
    private final F fanOut;
    private final Runnable onEnd;
    private final CompletableFuture<TopicHub<F>> opened = new CompletableFuture<>();

    private volatile Place startsBehind = Place.UNKNOWN;
    private volatile Place completeBehind = Place.UNKNOWN;
    private @Nullable Subscription subscription;

    /** How many hold it, and since when nobody does; guarded by the directory. */
    int holders;

    long idleSince;

    TopicHub(TopicPattern topics, Tails tails, F fanOut, Runnable onEnd) {
        this.topics = topics;
        this.tails = tails;
        this.fanOut = fanOut;
        this.onEnd = onEnd;
    }

    /** Blocks until the subscription is in force. */
    void open() {
        try {
            startsBehind = tails.endOf(topics);
            subscription = tails.follow(topics, StartAt.now(), new Ear());
            completeBehind = tails.endOf(topics);
            opened.complete(this);
        } catch (RuntimeException e) {
            onEnd.run();
            opened.completeExceptionally(e);
        }
    }

    /** Blocks until a burst that is being handled is done. */
    void close() {
        opened.handle(
                        (hub, error) -> {
                            if (subscription != null) {
                                subscription.close();
                            }
                            return true;
                        })
                .join();
    }

    /** Completes when the subscription is in force, or fails with why it cannot be. */
    public CompletableFuture<TopicHub<F>> opened() {
        return opened;
    }

    /** What it reads. */
    public TopicPattern topics() {
        return topics;
    }

    /** What its events are fanned out by. */
    public F fanOut() {
        return fanOut;
    }

    /** A place behind which it has seen everything that came since it was opened. */
    public Place startsBehind() {
        return startsBehind;
    }

    /** A place behind which nothing has passed or will pass this hub by. */
    public Place completeBehind() {
        return completeBehind;
    }

    private final class Ear implements TailListener {
        @Override
        public void burst(List<Delivery> deliveries) throws InterruptedException {
            fanOut.burst(deliveries);
        }

        @Override
        public void gap(Gap gap) {
            fanOut.gap(gap);
        }

        @Override
        public void ended(String reason) {
            onEnd.run();
            fanOut.ended(reason);
        }
    }
}
