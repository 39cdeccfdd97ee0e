// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportUri;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Connects, and goes on trying for a while where the broker cannot be reached: with growing pauses,
 * which differ by chance so that many programs do not come at once. A broker that is there and
 * refuses is not asked again.
 *
 * @param uri the broker, for people
 * @param nanos how long to go on; zero to try once
 * @param chance from 0 to 1
 */
record BrokerWait(TransportUri uri, long nanos, Timers timers, DoubleSupplier chance) {

    /** The URI option of every transport. */
    static final String OPTION = "wait";

    private static final System.Logger LOG = System.getLogger(BrokerWait.class.getName());
    private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofSeconds(5).toNanos();

    /** The wait that a URI asks for, or else the options. */
    static BrokerWait of(TransportUri uri, ConnectOptions options, Timers timers) {
        Duration wait = uri.duration(OPTION, options.waitForBroker());
        return new BrokerWait(
                uri, Timers.nanos(wait), timers, () -> ThreadLocalRandom.current().nextDouble());
    }

    /** Connects by these attempts, each of which tells its states. */
    Transport connect(LinkState link, Function<Consumer<ConnectionState>, Transport> attempt) {
        long deadline = timers.nanoTime() + nanos;
        long pause = FIRST_PAUSE;
        while (true) {
            try {
                return once(link, attempt);
            } catch (ConnectionFailedException e) {
                long left = deadline - timers.nanoTime();
                if (nanos == 0) {
                    throw e;
                }
                if (left <= 0) {
                    throw new ConnectionFailedException(
                            "%s; gave up after %s of waiting for it"
                                    .formatted(e.getMessage(), Duration.ofNanos(nanos)),
                            e);
                }
                long now = Math.min(left, (long) (pause * (0.5 + chance.getAsDouble())));
                LOG.log(
                        Level.INFO,
                        "{0} is not there yet, next try in {1} ms: {2}",
                        uri,
                        now / 1_000_000,
                        e.getMessage());
                pause(now, e);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
        }
    }

    /** One attempt; when it fails, what it has told or will tell counts no more. */
    private static Transport once(
            LinkState link, Function<Consumer<ConnectionState>, Transport> attempt) {
        var open =
                new AtomicReference<Consumer<ConnectionState>>(state -> {
                    if (!(state instanceof ConnectionState.Closed)) {
                        link.change(state);
                    }
                });
        boolean made = false;
        try {
            Transport transport = attempt.apply(state -> open.get().accept(state));
            open.set(link::change);
            made = true;
            return transport;
        } finally {
            if (!made) {
                open.set(state -> {});
                link.change(new ConnectionState.Connecting());
            }
        }
    }

    private void pause(long length, ConnectionFailedException failure) {
        var over = new CountDownLatch(1);
        timers.after(length, over::countDown);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectionFailedException(
                    "The thread was interrupted while it waited for %s: %s"
                            .formatted(uri, failure.getMessage()),
                    failure);
        }
    }
}
