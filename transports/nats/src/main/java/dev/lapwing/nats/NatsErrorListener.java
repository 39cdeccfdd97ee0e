// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.Connection;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;

import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps what went wrong last, for people, and tells what the server did not permit. */
final class NatsErrorListener implements ErrorListener {
    private static final System.Logger LOG = System.getLogger(NatsErrorListener.class.getName());
    private static final Pattern DENIED =
            Pattern.compile(
                    "(?i).*permissions violation for (publish|subscription) to \"([^\"]*)\".*");

    private volatile @Nullable Throwable last;
    private volatile BiConsumer<String, String> denied = (subject, reason) -> {};

    /** Tells the subject and the reason of each publish that the server did not permit. */
    void onDenied(BiConsumer<String, String> listener) {
        denied = listener;
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
            denied.accept(permission.group(2), "NATS says: " + error);
        } else {
            last = new java.io.IOException(error);
        }
    }

    @Override
    public void exceptionOccurred(Connection conn, Exception failure) {
        LOG.log(Level.DEBUG, "The link to NATS has a problem", failure);
        last = failure;
    }

    @Override
    public void slowConsumerDetected(Connection conn, Consumer consumer) {
        LOG.log(Level.WARNING, "NATS subscription {0} is too slow and loses messages", consumer);
    }
}
