// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.ShutdownSignalException;

import dev.lapwing.ClosedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.LapwingException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The link to a broker, shared by all connections of this process to one URI. One thread keeps it
 * up: it alone connects again, has the residents declare what they had, and tells the state.
 *
 * <p>Its lock keeps setting things up apart from reconnecting. It may be held while the broker is
 * waited for, so nothing that the client calls back takes it.
 */
final class RabbitLink {
    private static final System.Logger LOG = System.getLogger(RabbitLink.class.getName());
    private static final long LOOK_NANOS = 1_000_000_000;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final RabbitConnector connector;
    private final Clock clock;
    private final RandomGenerator random;
    private final Set<Resident> residents = new LinkedHashSet<>();
    private final List<Consumer<ConnectionState>> ears = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread keeper;
    private volatile @Nullable RabbitWires wires;
    private volatile String reason = "";
    private volatile ConnectionState state = new ConnectionState.Connected();
    private volatile boolean closed;

    /** Somebody who has declared something on the link. */
    interface Resident {
        /**
         * Declares everything again on new wires. What the broker refuses for good is the
         * resident's own business.
         *
         * @throws IOException if the wires broke meanwhile
         */
        void restore(RabbitWires up) throws IOException;

        /**
         * Begins to publish again, when all residents have declared what they had: before that a
         * queue may be missing, and what is published would be refused for good.
         *
         * @throws IOException if the wires broke meanwhile
         */
        default void restored(RabbitWires up) throws IOException {}
    }

    /** Something to be done with the link. */
    interface Work<T> {
        T with(RabbitWires up) throws IOException;
    }

    /**
     * Connects.
     *
     * @throws LapwingException if that does not succeed, see {@link RabbitErrors#connecting}
     */
    RabbitLink(RabbitConnector connector, Clock clock, RandomGenerator random) {
        this.connector = connector;
        this.clock = clock;
        this.random = random;
        try {
            wires = new RabbitWires(connector, this::broke);
        } catch (IOException | TimeoutException e) {
            throw RabbitErrors.connecting(connector.settings(), e);
        }
        keeper = Thread.ofVirtual().name("lapwing-rabbitmq-link").start(this::keepUp);
    }

    RabbitSettings settings() {
        return connector.settings();
    }

    RabbitConnector connector() {
        return connector;
    }

    /** Tells one more ear every change of the state, beginning with the present one. */
    void listen(Consumer<ConnectionState> ear) {
        lock.lock();
        try {
            ears.add(ear);
            ear.accept(state);
        } finally {
            lock.unlock();
        }
    }

    void unlisten(Consumer<ConnectionState> ear) {
        ears.remove(ear);
    }

    /**
     * Does something with the link; waits a while for it where it is down.
     *
     * @param what what is set up, for errors
     * @throws LapwingException if the broker refuses, or the link does not come up in time
     */
    <T> T with(String what, Work<T> work) {
        return with(what, null, work);
    }

    /** As {@link #with(String, Work)}; from then on this resident is asked to restore it. */
    <T> T with(String what, @Nullable Resident resident, Work<T> work) {
        long patience = settings().connectTimeout().toMillis() + LONGEST_PAUSE_MILLIS;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience);
        lock.lock();
        try {
            while (true) {
                RabbitWires up = awaitUp(what, deadline);
                try {
                    T done = work.with(up);
                    if (resident != null) {
                        residents.add(resident);
                    }
                    return done;
                } catch (IOException | ShutdownSignalException e) {
                    if (RabbitErrors.isFinal(e)) {
                        throw RabbitErrors.using(settings(), what, e);
                    }
                    if (RabbitErrors.isSilence(e)) {
                        // Heartbeats tell whether the link is down; this may be one stuck queue.
                        throw new ConnectionFailedException(
                                "%s did not answer within %s while %s was set up; try again"
                                        .formatted(
                                                settings().broker(),
                                                settings().connectTimeout(),
                                                what),
                                e);
                    }
                    up.broke(e);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private RabbitWires awaitUp(String what, long deadline) {
        while (true) {
            if (closed) {
                throw new ClosedException("The connection is closed; connect again");
            }
            RabbitWires up = wires;
            if (up != null && up.isUp()) {
                return up;
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new ConnectionFailedException(
                        "%s is not connected (%s), so that %s cannot be set up; try again when it is back"
                                .formatted(settings().broker(), reason, what));
            }
            try {
                changed.awaitNanos(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LapwingException(
                        "The thread was interrupted while it waited for " + settings().broker(), e);
            }
        }
    }

    /** The wires, if they are up. */
    @Nullable RabbitWires wires() {
        RabbitWires known = wires;
        return known != null && known.isUp() ? known : null;
    }

    /** Why the link is down, for people. */
    String reason() {
        return reason;
    }

    /** Asks this resident no more. */
    void leave(Resident resident) {
        lock.lock();
        try {
            residents.remove(resident);
        } finally {
            lock.unlock();
        }
    }

    private void broke(RabbitWires which, Throwable why) {
        reason = RabbitErrors.reason(why);
        if (wires == which) {
            wires = null;
        }
        Thread.ofVirtual().start(which::abort);
        LockSupport.unpark(keeper);
    }

    private void keepUp() {
        while (!closed) {
            RabbitWires up = wires();
            if (up == null) {
                reconnect();
            } else {
                up.look();
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        }
    }

    private void reconnect() {
        Instant since = clock.instant();
        LOG.log(Level.WARNING, "The link to {0} is down: {1}", settings().broker(), reason);
        for (int failures = 0; !closed; failures++) {
            long pause = pause(failures);
            tell(
                    new ConnectionState.Reconnecting(
                            since,
                            settings().broker() + ": " + reason,
                            clock.instant().plusMillis(pause)));
            sleep(pause);
            if (!closed && connectAgain()) {
                LOG.log(Level.INFO, "The link to {0} is up again", settings().broker());
                return;
            }
        }
    }

    private long pause(int failures) {
        long full = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures, 20), LONGEST_PAUSE_MILLIS);
        return full / 2 + random.nextLong(full / 2 + 1);
    }

    private void sleep(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = deadline - System.nanoTime();
                left > 0 && !closed;
                left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    private boolean connectAgain() {
        RabbitWires fresh;
        try {
            fresh = new RabbitWires(connector, this::broke);
        } catch (IOException | TimeoutException | RuntimeException e) {
            reason = RabbitErrors.connecting(settings(), e).getMessage();
            return false;
        }
        lock.lock();
        try {
            for (Resident resident : List.copyOf(residents)) {
                resident.restore(fresh);
            }
            for (Resident resident : List.copyOf(residents)) {
                resident.restored(fresh);
            }
            if (closed || !fresh.isUp()) {
                fresh.abort();
                return false;
            }
            wires = fresh;
            tell(new ConnectionState.Connected());
            changed.signalAll();
            return true;
        } catch (IOException | RuntimeException e) {
            reason = RabbitErrors.reason(e);
            fresh.abort();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void tell(ConnectionState now) {
        state = now;
        ears.forEach(ear -> ear.accept(now));
    }

    /** Ends the link, and waits until the broker knows it or does not answer. */
    void close() {
        closed = true;
        LockSupport.unpark(keeper);
        RabbitWires known = wires;
        wires = null;
        if (known != null) {
            known.close((int) Math.min(2000, settings().connectTimeout().toMillis()));
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
