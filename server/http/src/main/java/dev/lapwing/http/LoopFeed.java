// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Gap;
import dev.lapwing.gateway.Place;

import java.util.ArrayList;

/**
 * The part of a {@link FanOut} on one event loop: the subscribers that it serves there. Confined to
 * that event loop but for {@link #offer}, {@link #end} and the questions before them.
 *
 * <p>A subscriber is attached as long as it wants to hear from here, and a member while it hears.
 * Between the two it reads the past by itself, until it has reached {@link #last}.
 */
final class LoopFeed {
    private final Worker worker;
    private final FanOut fanOut;
    private final Members raw = new Members();
    private final Members json = new Members();

    private volatile int attached;
    private Place last = Place.UNKNOWN;

    LoopFeed(Worker worker, FanOut fanOut) {
        this.worker = worker;
        this.fanOut = fanOut;
    }

    boolean isAttached() {
        return attached > 0;
    }

    boolean reads(Format format) {
        return members(format).size > 0;
    }

    FanOut fanOut() {
        return fanOut;
    }

    /** The place of the newest burst that was written here, or that passed while none listened. */
    Place last() {
        return last;
    }

    /**
     * Asks for every burst from now on. The fan-out first tells its newest place and then looks who
     * is attached, and here it is the other way round: so a burst either comes here, or is at or
     * before {@link #last}, or both.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void attach() {
        attached++;
        if (attached == 1) {
            Place passed = fanOut.last();
            last = passed.from().isEmpty() ? last : passed;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    void detach() {
        attached--;
    }

    void join(SubscriberSocket subscriber, Format format) {
        members(format).add(subscriber);
        fanOut.pace().subscribers(1);
    }

    void leave(SubscriberSocket subscriber, Format format) {
        members(format).remove(subscriber);
        fanOut.pace().subscribers(-1);
    }

    private Members members(Format format) {
        return format == Format.RAW ? raw : json;
    }

    /** Takes a burst; for the thread of the fan-out. */
    void offer(Burst burst) {
        if (!worker.execute(() -> write(burst))) {
            burst.done();
        }
    }

    private void write(Burst burst) {
        try {
            write(burst, Format.RAW);
            write(burst, Format.JSON);
            last = burst.place();
        } finally {
            burst.done();
        }
    }

    private void write(Burst burst, Format format) {
        Members members = members(format);
        if (members.size > 0) {
            FrameBlock block = burst.block(format);
            for (int at = members.size - 1; at >= 0; at--) {
                members.all.get(at).live(block);
            }
        }
    }

    /** Events are missing; for any thread. */
    void gap(Gap gap) {
        worker.execute(() -> {
            for (int at = json.size - 1; at >= 0; at--) {
                json.all.get(at).gap(gap);
            }
        });
    }

    /** The topic cannot be read any more; for any thread. */
    void end(String reason) {
        worker.execute(() -> {
            for (Members members : new Members[] {raw, json}) {
                for (int at = members.size - 1; at >= 0; at--) {
                    members.all.get(at).endOfTopic(reason);
                }
            }
        });
    }

    /** Subscribers in no order; one may leave while all are gone through from the end. */
    private static final class Members {
        private final ArrayList<SubscriberSocket> all = new ArrayList<>(2);
        private volatile int size;

        void add(SubscriberSocket subscriber) {
            subscriber.memberSlot = all.size();
            all.add(subscriber);
            size = all.size();
        }

        void remove(SubscriberSocket subscriber) {
            SubscriberSocket moved = all.removeLast();
            if (moved != subscriber) {
                all.set(subscriber.memberSlot, moved);
                moved.memberSlot = subscriber.memberSlot;
            }
            size = all.size();
        }
    }
}
