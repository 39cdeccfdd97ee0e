// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.TransportContext;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    private final NatsState state;
    private final NatsErrorListener errors = new NatsErrorListener();
    private final List<NatsWatcher> watchers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("lapwing-nats-timer").factory());
    private final NatsSubscriptions subscriptions = new NatsSubscriptions(this);
    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private @Nullable NatsAnswers answers;

    private NatsLink(NatsSettings settings, TransportContext context) {
        this.settings = settings;
        state = new NatsState(context);
    }

    /**
     * Connects.
     *
     * @throws LapwingException if that fails
     */
    static NatsLink open(NatsSettings settings, TransportContext context) {
        var link = new NatsLink(settings, context);
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
        Connection connection =
                NatsDial.connect(options, errors, options.getNatsServerUris().size() == 1);
        answers = new NatsAnswers(connection, settings.ackTimeout());
        errors.onDenied(this::denied);
        opened.complete(connection);
        try {
            flush();
        } catch (LapwingException e) {
            connection.close();
            throw new IOException(e.getMessage(), e);
        }
        state.connected();
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

    /** What there is to begin and to end subscriptions. */
    NatsSubscriptions subscriptions() {
        return subscriptions;
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
        return state.breaks();
    }

    boolean isUp() {
        return state.isUp();
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
            long seen = state.breaks();
            boolean late = System.nanoTime() - until >= 0;
            try {
                if (state.isUp() || late) {
                    return opening.get();
                }
            } catch (LapwingException e) {
                boolean isDown =
                        !state.isUp()
                                || seen != state.breaks()
                                || e.getCause() instanceof IllegalStateException;
                if (late || state.isClosing() || !isDown) {
                    throw e;
                }
            } catch (IllegalStateException e) {
                if (late || state.isClosing()) {
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
        awaitErrors();
    }

    /** Waits until what the server said of all that was sent before an echo is known here. */
    void awaitErrors() {
        errors.awaitTold(connection().getStatistics().getErrs(), settings.ackTimeout());
    }

    private void denied(NatsErrorListener.Denied what) {
        if (what.publish()) {
            String reason = "NATS says: " + what.text();
            for (NatsAnswer each : answers().takeBack(what.subject())) {
                if (each instanceof NatsSender.Stores send) {
                    send.refused(reason);
                } else {
                    each.unknown(reason);
                }
            }
        } else {
            LapwingException reason = notPermitted(what.subject(), what.text());
            watchers.forEach(watcher -> watcher.denied(what.subject(), reason));
        }
    }

    /** What the server did not permit since this time of {@link System#nanoTime}. */
    List<NatsErrorListener.Denied> deniedSince(long nanoTime) {
        return errors.deniedSince(nanoTime);
    }

    static LapwingException notPermitted(String subject, String text) {
        return NatsErrors.denied("A subscription to '" + subject + "'", text);
    }

    /** How long to wait before the next attempt: longer each time, up to 2 s, with jitter. */
    private Duration pause(long round) {
        Duration pause = NatsPauses.backOff(round);
        state.pausing(pause, reason());
        return pause;
    }

    /** What time it is. */
    Instant now() {
        return state.now();
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
                    long seen = state.breaks();
                    Thread.ofVirtual().name("lapwing-nats-recovery").start(() -> recover(seen));
                }
                case CLOSED -> ended();
                case CONNECTED, RECONNECTED, DISCOVERED_SERVERS, LAME_DUCK -> {}
            }
        }
    }

    private void broken() {
        if (!opened.isDone() || state.isClosing()) {
            return;
        }
        String reason = reason();
        state.broken(reason);
        answers().end(reason);
        watchers.forEach(watcher -> watcher.linkDown(reason));
    }

    /** Puts everything in force again; tries until that is done or the link breaks again. */
    private void recover(long seen) {
        for (int round = 0; state.breaks() == seen && !state.isClosing(); round++) {
            try {
                watchers.forEach(NatsWatcher::linkUp);
                flush();
                if (state.restored(seen)) {
                    errors.clear();
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
        if (!opened.isDone() || state.isClosing()) {
            return;
        }
        LapwingException cause =
                NatsErrors.connecting(settings, new IOException("closed"), errors.last());
        state.ended(cause.getMessage());
        answers().end(cause.getMessage());
        watchers.forEach(watcher -> watcher.linkClosed(cause));
    }

    @Override
    public void close() {
        if (!state.beginClosing()) {
            return;
        }
        answers().end("the connection was closed");
        try {
            connection().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
        state.closed();
    }
}
