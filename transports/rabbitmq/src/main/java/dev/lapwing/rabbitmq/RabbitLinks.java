// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.spi.TransportUri;

import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * The links of this process, one for each URI. Whoever connects to a URI that has one shares it; it
 * ends with the last hold.
 */
final class RabbitLinks {
    private static final Map<TransportUri, Place> PLACES = new ConcurrentHashMap<>();

    private RabbitLinks() {}

    /** Where the link of a URI is, and how many hold it; its monitor guards both. */
    private static final class Place {
        private @Nullable Shared shared;
        private int holds;
    }

    /** What is shared: the link, and the channels that publish on it. */
    record Shared(RabbitLink link, RabbitLanes lanes) {}

    /** One hold on a link. */
    static final class Hold implements AutoCloseable {
        private final TransportUri uri;
        private final Place place;
        private final Shared shared;
        private final AtomicBoolean released = new AtomicBoolean();

        private Hold(TransportUri uri, Place place, Shared shared) {
            this.uri = uri;
            this.place = place;
            this.shared = shared;
        }

        RabbitLink link() {
            return shared.link();
        }

        RabbitLanes lanes() {
            return shared.lanes();
        }

        @Override
        public void close() {
            if (!released.compareAndSet(false, true)) {
                return;
            }
            synchronized (place) {
                if (--place.holds == 0) {
                    PLACES.remove(uri);
                    shared.lanes().close();
                    shared.link().close();
                }
            }
        }
    }

    /**
     * Connects, or shares the link that there is.
     *
     * @throws dev.lapwing.LapwingException if the broker cannot be reached, or refuses
     */
    static Hold acquire(TransportUri uri, RabbitSettings settings, Clock clock) {
        while (true) {
            Place place = PLACES.computeIfAbsent(uri, any -> new Place());
            synchronized (place) {
                if (PLACES.get(uri) == place) {
                    return hold(uri, place, settings, clock);
                }
            }
        }
    }

    private static Hold hold(TransportUri uri, Place place, RabbitSettings settings, Clock clock) {
        Shared shared = place.shared;
        if (shared == null) {
            try {
                shared = open(settings, clock);
            } catch (RuntimeException e) {
                PLACES.remove(uri);
                throw e;
            }
            place.shared = shared;
        }
        place.holds++;
        return new Hold(uri, place, shared);
    }

    private static Shared open(RabbitSettings settings, Clock clock) {
        var connector = new RabbitConnector(settings);
        var link = new RabbitLink(connector, clock, RandomGenerator.getDefault());
        try {
            return new Shared(link, new RabbitLanes(link));
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }
}
