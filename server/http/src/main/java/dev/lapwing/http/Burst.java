// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Delivery;
import dev.lapwing.gateway.Place;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Events on their way to the event loops: encoded once for each format that anybody reads, when it
 * is first asked for.
 */
final class Burst {
    private final List<Delivery> events;
    private final FrameEncoder encoder;
    private final Place place;
    private final AtomicInteger loops;
    private final CountDownLatch written = new CountDownLatch(1);

    private @Nullable FrameBlock raw;
    private @Nullable FrameBlock json;

    /**
     * A burst.
     *
     * @param place where its last event stands
     * @param loops how many event loops will call {@link #done}
     */
    Burst(List<Delivery> events, FrameEncoder encoder, Place place, int loops) {
        this.events = events;
        this.encoder = encoder;
        this.place = place;
        this.loops = new AtomicInteger(loops);
    }

    Place place() {
        return place;
    }

    /** The frames in a format. */
    synchronized FrameBlock block(Format format) {
        if (format == Format.RAW) {
            raw = raw != null ? raw : encoder.encode(format, events);
            return raw;
        }
        json = json != null ? json : encoder.encode(format, events);
        return json;
    }

    /** One event loop has written it to all its subscribers. */
    void done() {
        if (loops.decrementAndGet() == 0) {
            release();
            written.countDown();
        }
    }

    private synchronized void release() {
        if (raw != null) {
            raw.release();
        }
        if (json != null) {
            json.release();
        }
    }

    /** Waits until every event loop is done. */
    void awaitWritten() throws InterruptedException {
        written.await();
    }
}
