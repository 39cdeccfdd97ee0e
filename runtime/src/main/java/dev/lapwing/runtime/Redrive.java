// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capability;
import dev.lapwing.DeadLetter;
import dev.lapwing.Guarantee;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.Retry;
import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * One round through the dead letters of a topic: those that are wanted are published to their topic
 * again, confirmed, and then settled; the others stay here unsettled until the end gives them back,
 * so that none comes twice in one round. A crash between publishing and settling brings a letter
 * again, under an id that a broker with deduplication knows.
 */
final class Redrive implements AutoCloseable {
    private static final int MOST_AT_ONCE = 256;
    private static final int MOST_OPEN = 1_000_000;
    private static final long PATIENCE = Duration.ofMillis(200).toNanos();
    private static final int MOST_WAITS = 150;

    private record Wanted(LiveDelivery delivery, Message message) {}

    private final PublishPipeline pipeline;
    private final long all;
    private final BooleanSupplier nothingLeft;
    private final Lanes lanes = new Lanes(true);
    private final DeliveryLoop loop;
    private long seen;

    /**
     * A round through a topic of letters.
     *
     * @param all how many letters there are now, or how many to take at the most
     * @param nothingLeft whether the broker has none that nobody holds
     */
    Redrive(
            Connection connection,
            PublishPipeline pipeline,
            String letters,
            long all,
            BooleanSupplier nothingLeft) {
        this.pipeline = pipeline;
        this.all = all;
        this.nothingLeft = nothingLeft;
        var settings =
                new SubscriptionSettings(
                        TopicPattern.parse(letters),
                        Optional.of(DeadLettersView.GROUP),
                        connection.capabilities().has(Capability.REPLAY)
                                ? StartAt.earliest()
                                : StartAt.now(),
                        Retry.never(),
                        1,
                        (int) Math.min(all, MOST_OPEN),
                        Duration.ofSeconds(30),
                        Guarantee.AT_LEAST_ONCE,
                        gap -> {});
        loop = connection.open(settings, lanes, new PulledDeliveries(lanes)).start(Long.MAX_VALUE);
    }

    /** Runs the round; returns how many letters were sent back. */
    long run(Function<Message, DeadLetter> read, Predicate<DeadLetter> which) {
        long sent = 0;
        try {
            for (List<Wanted> some = next(read, which); some != null; some = next(read, which)) {
                sent += send(some);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted after %d letters were redriven".formatted(sent), e);
        }
        return sent;
    }

    /** The next few letters that are wanted, perhaps none; null at the end of the round. */
    private @Nullable List<Wanted> next(
            Function<Message, DeadLetter> read, Predicate<DeadLetter> which)
            throws InterruptedException {
        LiveDelivery delivery = seen < all ? first() : null;
        if (delivery == null) {
            return null;
        }
        var wanted = new ArrayList<Wanted>();
        while (delivery != null) {
            seen++;
            DeadLetter letter = read.apply(delivery.message());
            if (which.test(letter)) {
                Message again = DeadLetterFormat.redriven(letter, delivery.message());
                wanted.add(new Wanted(delivery, again));
            }
            delivery = seen < all && wanted.size() < MOST_AT_ONCE ? lanes.take(0) : null;
        }
        return wanted;
    }

    private @Nullable LiveDelivery first() throws InterruptedException {
        for (int waits = 0; waits < MOST_WAITS; waits++) {
            LiveDelivery delivery = lanes.take(PATIENCE);
            if (delivery != null) {
                return delivery;
            }
            if (nothingLeft.getAsBoolean()) {
                return lanes.take(0);
            }
        }
        return null;
    }

    /** Looks at the letters and takes none: the end gives them back. */
    List<DeadLetter> look(Function<Message, DeadLetter> read) {
        var seenNow = new ArrayList<DeadLetter>();
        run(
                read,
                letter -> {
                    seenNow.add(letter);
                    return false;
                });
        return seenNow;
    }

    /** Settles the letters and sends them nowhere; returns how many there were. */
    long discard() {
        try {
            for (LiveDelivery letter = seen < all ? first() : null;
                    letter != null;
                    letter = seen < all ? first() : null) {
                seen++;
                letter.accept();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted after %d letters were discarded".formatted(seen),
                    e);
        }
        return seen;
    }

    private long send(List<Wanted> some) {
        if (some.isEmpty()) {
            return 0;
        }
        List<PublishResult> results =
                pipeline.publishCopies(some.stream().map(Wanted::message).toList());
        long sent = 0;
        LapwingException failure = null;
        for (int at = 0; at < results.size(); at++) {
            if (results.get(at) instanceof PublishResult.Stored) {
                some.get(at).delivery().accept();
                sent++;
            } else if (failure == null) {
                failure = pipeline.error(some.get(at).message(), results.get(at));
            }
        }
        if (failure != null) {
            throw failure;
        }
        return sent;
    }

    /** Settles what was sent back, and gives the rest back. */
    @Override
    public void close() {
        loop.close();
    }
}
