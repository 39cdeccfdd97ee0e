// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps what went wrong last, for people, and tells what the server does not permit. */
final class NatsErrorListener implements ErrorListener {
    private static final System.Logger LOG = System.getLogger(NatsErrorListener.class.getName());
    private static final Pattern DENIED =
            Pattern.compile(
                    "(?i).*permissions violation for (publish|subscription) to \"([^\"]*)\".*");

    private static final int MOST_REMEMBERED = 1024;

    /**
     * What the server does not permit.
     *
     * @param publish whether it was to be published; else a subscription
     * @param text the server's words
     * @param at when that came, by {@link System#nanoTime}
     */
    record Denied(boolean publish, String subject, String text, long at) {}

    private final AtomicLong told = new AtomicLong();
    private final Map<String, Denied> denied = new LinkedHashMap<>();
    private volatile @Nullable Throwable last;
    private volatile Consumer<Denied> listener = each -> {};
    private volatile Consumer<IOException> refusals = refusal -> {};

    /** Tells this from now on what the server does not permit. */
    void onDenied(Consumer<Denied> hears) {
        listener = hears;
    }

    /** Tells this from now on that the server refuses the connection. */
    void onRefusal(Consumer<IOException> hears) {
        refusals = hears;
    }

    /** What was not permitted since a time of {@link System#nanoTime}, the oldest first. */
    List<Denied> deniedSince(long nanoTime) {
        synchronized (denied) {
            return denied.values().stream().filter(each -> each.at() - nanoTime >= 0).toList();
        }
    }

    /**
     * Waits until the client has told as many errors as it has counted: it counts them when they
     * come, and tells them later, on a thread of its own.
     */
    void awaitTold(long counted, Duration patience) {
        long until = System.nanoTime() + patience.toNanos();
        while (told.get() < counted) {
            if (System.nanoTime() - until >= 0) {
                told.set(counted);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    /** What went wrong last; null if nothing did. */
    @Nullable Throwable last() {
        return last;
    }

    void clear() {
        last = null;
    }

    void tell(Throwable failure) {
        last = failure;
    }

    @Override
    public void errorOccurred(Connection conn, String error) {
        LOG.log(Level.DEBUG, "NATS says: {0}", error);
        Matcher permission = DENIED.matcher(error);
        if (permission.matches()) {
            remember(
                    new Denied(
                            permission.group(1).equalsIgnoreCase("publish"),
                            permission.group(2),
                            error,
                            System.nanoTime()));
        } else {
            var refusal = new IOException(error);
            last = refusal;
            refusals.accept(refusal);
        }
        told.incrementAndGet();
    }

    private void remember(Denied what) {
        synchronized (denied) {
            String place = what.publish() + " " + what.subject();
            denied.remove(place);
            denied.put(place, what);
            if (denied.size() > MOST_REMEMBERED) {
                denied.remove(denied.keySet().iterator().next());
            }
        }
        listener.accept(what);
    }

    @Override
    public void exceptionOccurred(Connection conn, Exception failure) {
        LOG.log(Level.DEBUG, "The link to NATS has a problem", failure);
        last = failure;
    }

    @Override
    public void slowConsumerDetected(Connection conn, io.nats.client.Consumer consumer) {
        LOG.log(Level.WARNING, "NATS subscription {0} is too slow and loses messages", consumer);
    }
}
