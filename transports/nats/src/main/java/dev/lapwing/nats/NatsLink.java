// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.TransportContext;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Dispatcher;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.impl.Headers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The one link of a transport. The client makes it again by itself; this tells everyone who has
 * something in force on it, and is connected again only when all of that is in force again. Safe
 * for use by many threads.
 */
final class NatsLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(NatsLink.class.getName());
    private static final byte[] NOTHING = {};

    private final NatsSettings settings;
    private final TransportContext context;
    private final NatsErrorListener errors = new NatsErrorListener();
    private final List<NatsWatcher> watchers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("lapwing-nats-timer").factory());
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final Object changing = new Object();
    private final ReentrantLock draining = new ReentrantLock();
    private @Nullable NatsAnswers answers;

    /** Counts the links that broke: what was in force before the last break is gone. */
    private volatile long breaks;

    private volatile boolean up;
    private volatile boolean closing;
    private volatile ConnectionState.@Nullable Reconnecting down;

    private NatsLink(NatsSettings settings, TransportContext context) {
        this.settings = settings;
        this.context = context;
    }

    /**
     * Connects.
     *
     * @throws LapwingException if that fails
     */
    static NatsLink open(NatsSettings settings, TransportContext context) {
        var link = new NatsLink(settings, context);
        context.state().accept(new ConnectionState.Connecting());
        try {
            link.connect();
            return link;
        } catch (IOException e) {
            link.timer.shutdownNow();
            throw NatsErrors.connecting(settings, e, link.errors.last());
        } catch (InterruptedException e) {
            link.timer.shutdownNow();
            Thread.currentThread().interrupt();
            throw new ConnectionFailedException(
                    "The thread was interrupted while it connected to NATS at "
                            + settings.address().shown(),
                    e);
        }
    }

    private void connect() throws IOException, InterruptedException {
        Options options =
                NatsOptions.of(settings)
                        .errorListener(errors)
                        .connectionListener(new Listener())
                        .reconnectDelayHandler(this::pause)
                        .build();
        Connection connection = Nats.connect(options);
        answers = new NatsAnswers(connection, settings.ackTimeout());
        errors.onDenied(this::denied);
        opened.complete(connection);
        try {
            flush();
        } catch (LapwingException e) {
            connection.close();
            throw new IOException(e.getMessage(), e);
        }
        up = true;
        context.state().accept(new ConnectionState.Connected());
        var unused =
                timer.scheduleWithFixedDelay(
                        () ->
                                answers()
                                        .sweep(
                                                "no answer came within "
                                                        + settings.ackTimeout()
                                                        + ", the ack-timeout"),
                        100,
                        100,
                        TimeUnit.MILLISECONDS);
    }

    private NatsAnswers answers() {
        return Objects.requireNonNull(answers);
    }

    Connection connection() {
        return opened.join();
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** Where it goes to, for people. */
    String shown() {
        return settings.address().shown();
    }

    /** The largest message that the server takes, headers included, in bytes. */
    long largest() {
        return connection().getMaxPayload();
    }

    /** How many links broke so far: what was sent before the last break may be lost. */
    long breaks() {
        return breaks;
    }

    boolean isUp() {
        return up;
    }

    /**
     * Opens something on the link. Waits for a link that is down, and tries again if it breaks
     * meanwhile, for as long as connecting and answering may take.
     *
     * @throws LapwingException if that failed while the link was up, or the link stays down
     */
    <T> T open(Supplier<T> opening) {
        long until =
                System.nanoTime() + settings.connectTimeout().plus(settings.ackTimeout()).toNanos();
        while (true) {
            long seen = breaks;
            boolean late = System.nanoTime() - until >= 0;
            try {
                if (up || late) {
                    return opening.get();
                }
            } catch (LapwingException e) {
                boolean isDown =
                        !up || seen != breaks || e.getCause() instanceof IllegalStateException;
                if (late || closing || !isDown) {
                    throw e;
                }
            } catch (IllegalStateException e) {
                if (late || closing) {
                    throw NatsErrors.of("NATS at " + shown(), e);
                }
            }
            NatsPauses.sleep(Duration.ofMillis(20));
        }
    }

    /** Tells this from now on what becomes of the link. */
    void watch(NatsWatcher watcher) {
        watchers.add(watcher);
    }

    void forget(NatsWatcher watcher) {
        watchers.remove(watcher);
    }

    /**
     * Sends without awaiting an answer.
     *
     * @return whether it was taken: not if the link is down
     */
    boolean publish(
            String subject, @Nullable String replyTo, @Nullable Headers headers, byte[] body) {
        try {
            connection().publish(subject, replyTo, headers, body);
            return true;
        } catch (IllegalStateException down) {
            return false;
        }
    }

    /**
     * Sends and awaits an answer.
     *
     * @return whether it was taken: not if the link is down, and then no answer is told
     */
    boolean ask(String subject, @Nullable Headers headers, byte[] body, NatsAnswer answer) {
        NatsAnswers all = answers();
        long number = all.await(subject, answer);
        return publish(subject, all.address(number), headers, body) || !all.forget(number);
    }

    /**
     * Tells when the server has all that was sent before: a message to ourselves has come back. The
     * client's own way, a ping, would end the link when a few of them are under way at once.
     *
     * @return whether it was sent: not if the link is down, and then nothing is told
     */
    boolean echo(NatsAnswer echo) {
        NatsAnswers all = answers();
        long number = all.await("", echo);
        return publish(all.address(number), null, null, NOTHING) || !all.forget(number);
    }

    /**
     * Waits until the server has all that was sent before.
     *
     * @throws LapwingException if it does not answer
     */
    void flush() {
        var call = new NatsCall();
        if (!echo(call)) {
            throw new LapwingException("The link to NATS at %s is down".formatted(shown()));
        }
        call.await(settings.ackTimeout(), "NATS at " + shown());
    }

    /**
     * Ends subscriptions at the server, and then lets all that it had sent be handled; waits for
     * that. One at a time begins, as the client sends a ping for each.
     */
    void drain(Dispatcher dispatcher, Duration patience) {
        try {
            CompletableFuture<Boolean> drained;
            draining.lockInterruptibly();
            try {
                drained = dispatcher.drain(patience);
            } finally {
                draining.unlock();
            }
            var unused = drained.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | IllegalStateException linkIsDown) {
            close(dispatcher);
        }
    }

    /** Ends subscriptions; does nothing if they have ended. */
    void close(Dispatcher dispatcher) {
        try {
            connection().closeDispatcher(dispatcher);
        } catch (IllegalStateException | IllegalArgumentException closedAlready) {
            LOG.log(Level.DEBUG, "A subscription has ended already", closedAlready);
        }
    }

    private void denied(String subject, String reason) {
        for (NatsAnswer each : answers().takeBack(subject)) {
            if (each instanceof NatsSender.Stores send) {
                send.refused(reason);
            } else {
                each.unknown(reason);
            }
        }
    }

    /** How long to wait before the next attempt: longer each time, up to 2 s, with jitter. */
    private Duration pause(long round) {
        Duration pause = NatsPauses.backOff(round);
        synchronized (changing) {
            var since = down;
            if (since != null && !up) {
                down = new ConnectionState.Reconnecting(since.since(), reason(), now().plus(pause));
                context.state().accept(Objects.requireNonNull(down));
            }
        }
        return pause;
    }

    /** What time it is. */
    Instant now() {
        return context.clock().instant();
    }

    private String reason() {
        Throwable last = errors.last();
        return "the link to NATS at %s is down%s"
                .formatted(shown(), last == null ? "" : ": " + NatsErrors.reason(last));
    }

    /** The events of the client, one at a time. */
    private final class Listener implements ConnectionListener {
        @Override
        @SuppressWarnings("deprecation") // the interface has no other abstract method
        public void connectionEvent(Connection conn, Events type) {
            switch (type) {
                case DISCONNECTED -> broken();
                case RESUBSCRIBED -> {
                    long seen = breaks;
                    Thread.ofVirtual().name("lapwing-nats-recovery").start(() -> recover(seen));
                }
                case CLOSED -> ended();
                case CONNECTED, RECONNECTED, DISCOVERED_SERVERS, LAME_DUCK -> {}
            }
        }
    }

    private void broken() {
        if (!opened.isDone() || closing) {
            return;
        }
        String reason;
        synchronized (changing) {
            breaks++;
            up = false;
            reason = reason();
            if (down == null) {
                down = new ConnectionState.Reconnecting(now(), reason, now());
                context.state().accept(Objects.requireNonNull(down));
            }
        }
        answers().end(reason);
        watchers.forEach(watcher -> watcher.linkDown(reason));
    }

    /** Puts everything in force again; tries until that is done or the link breaks again. */
    private void recover(long seen) {
        for (int round = 0; breaks == seen && !closing; round++) {
            try {
                watchers.forEach(NatsWatcher::linkUp);
                flush();
                synchronized (changing) {
                    if (breaks == seen && !closing) {
                        up = true;
                        down = null;
                        errors.clear();
                        context.state().accept(new ConnectionState.Connected());
                    }
                }
                return;
            } catch (LapwingException e) {
                LOG.log(Level.DEBUG, "Not everything is in force again", e);
                errors.tell(e);
                NatsPauses.sleep(pause(round));
            }
        }
    }

    private void ended() {
        if (!opened.isDone() || closing) {
            return;
        }
        up = false;
        LapwingException cause =
                NatsErrors.connecting(settings, new IOException("closed"), errors.last());
        context.state().accept(new ConnectionState.Closed(cause.getMessage()));
        answers().end(cause.getMessage());
        watchers.forEach(watcher -> watcher.linkClosed(cause));
    }

    @Override
    public void close() {
        synchronized (changing) {
            if (closing) {
                return;
            }
            closing = true;
            up = false;
        }
        answers().end("the connection was closed");
        try {
            connection().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
        context.state().accept(new ConnectionState.Closed("closed by the program"));
    }
}
