// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.ClosedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.TransportContext;

import io.netty.util.concurrent.ScheduledFuture;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The link to a server: the wire of commands, and what else was declared on it, each with a wire of
 * its own. Makes what is down again, with growing, random pauses, and is connected when all of it
 * is in force. Safe for use by many threads; its lock guards the state alone and is not held while
 * anything is waited for.
 */
final class RedisLink implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(RedisLink.class.getName());
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** What is declared on the link, and has to be again when its wire broke. */
    interface Declared {
        boolean inForce();

        /**
         * Declares it on a new wire, and waits until it is in force.
         *
         * @throws LapwingException if that cannot be done now
         */
        void declare();
    }

    private final RedisSettings settings;
    private final TransportContext context;
    private final RedisDialer dialer;
    private final RedisFacts facts;
    private final List<Declared> declared = new CopyOnWriteArrayList<>();
    private final ScheduledFuture<?> watch;
    private volatile RedisWire commands;
    private volatile boolean closed;
    private @Nullable Instant down;

    private RedisLink(RedisSettings settings, TransportContext context, RedisDialer dialer) {
        this.settings = settings;
        this.context = context;
        this.dialer = dialer;
        commands = dialer.dial();
        facts = RedisFacts.of(settings, commands);
        long step = Math.max(20, settings.heartbeat().toMillis() / 2);
        watch =
                dialer.timers()
                        .scheduleAtFixedRate(
                                () -> commands.check(), step, step, TimeUnit.MILLISECONDS);
    }

    /**
     * Connects.
     *
     * @throws LapwingException if no server can be reached, or it refuses
     */
    static RedisLink open(RedisSettings settings, TransportContext context) {
        var dialer = new RedisDialer(settings);
        try {
            var link = new RedisLink(settings, context, dialer);
            link.listen(link.commands);
            context.state().accept(new ConnectionState.Connected());
            return link;
        } catch (RuntimeException e) {
            dialer.close();
            throw e;
        }
    }

    private void listen(RedisWire wire) {
        wire.onDown(() -> broken(wire.reason()));
    }

    RedisSettings settings() {
        return settings;
    }

    /** What the server said about itself when it was connected to first. */
    RedisFacts facts() {
        return facts;
    }

    Clock clock() {
        return context.clock();
    }

    /** The wire of commands; it may be down. */
    RedisWire commands() {
        return commands;
    }

    /** A new wire; whoever asks for it closes it, and tells when it broke. */
    RedisWire dial() {
        if (closed) {
            throw new ClosedException("The connection is closed; connect again");
        }
        return dialer.dial();
    }

    /** A new wire that channels are heard on. */
    RedisDialer.Subscriber dialSubscriber() {
        if (closed) {
            throw new ClosedException("The connection is closed; connect again");
        }
        return dialer.dialSubscriber();
    }

    /** Runs a task again and again until it is cancelled; it must not wait. */
    ScheduledFuture<?> every(Duration pause, Runnable task) {
        return dialer.timers()
                .scheduleAtFixedRate(
                        task, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Declares something, now and after every time that the link broke. */
    void declare(Declared thing) {
        if (closed) {
            throw new ClosedException("The connection is closed; connect again");
        }
        thing.declare();
        declared.add(thing);
        if (!thing.inForce()) {
            broken("the connection broke at once");
        }
    }

    /** Sees to something as soon as the link is up; it forgets itself when it is done. */
    void owe(Declared thing) {
        declared.add(thing);
        broken("something could not be done while the link was down");
    }

    void forget(Declared thing) {
        declared.remove(thing);
    }

    /** Tells that a part of the link is down; it is made again. */
    void broken(String reason) {
        synchronized (this) {
            if (closed || down != null) {
                return;
            }
            Instant now = context.clock().instant();
            down = now;
            context.state().accept(new ConnectionState.Reconnecting(now, reason, now));
        }
        LOGGER.log(Level.INFO, "The link to Redis at {0} is down: {1}", settings.shown(), reason);
        Thread.ofVirtual().name("lapwing-redis-reconnect").start(() -> reconnect(reason));
    }

    private void reconnect(String first) {
        String reason = first;
        for (int attempt = 0; !closed; attempt++) {
            if (!pause(attempt, reason)) {
                return;
            }
            try {
                restore();
                if (isUp()) {
                    return;
                }
                reason = "the connection broke again";
            } catch (LapwingException e) {
                reason = e.getMessage();
            }
        }
    }

    private boolean pause(int attempt, String reason) {
        long most = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt, 10));
        long millis = ThreadLocalRandom.current().nextLong(most + 1);
        synchronized (this) {
            Instant since = down;
            if (closed || since == null) {
                return false;
            }
            Instant next = context.clock().instant().plusMillis(millis);
            context.state().accept(new ConnectionState.Reconnecting(since, reason, next));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
            try {
                for (long left = millis; left > 0 && !closed; left = millisUntil(end)) {
                    wait(left);
                }
            } catch (InterruptedException e) {
                return false;
            }
            return !closed;
        }
    }

    private static long millisUntil(long end) {
        return TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    }

    private void restore() {
        if (!commands.isOpen()) {
            RedisWire wire = dialer.dial();
            commands = wire;
            listen(wire);
        }
        for (Declared thing : declared) {
            if (!thing.inForce()) {
                thing.declare();
            }
        }
    }

    private boolean isUp() {
        synchronized (this) {
            if (closed || !commands.isOpen() || !declared.stream().allMatch(Declared::inForce)) {
                return false;
            }
            down = null;
            context.state().accept(new ConnectionState.Connected());
        }
        LOGGER.log(Level.INFO, "The link to Redis at {0} is up again", settings.shown());
        return true;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            notifyAll();
        }
        watch.cancel(false);
        commands.close();
        dialer.close();
    }
}
