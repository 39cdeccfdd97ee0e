// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.support.Status;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks a consumer for as many messages as there is credit, and no more. Each {@link #begin} opens
 * an inbox of its own: what is still asked for on an older one cannot come as credit twice.
 *
 * <p>Its lock is taken for moments only and never while the sink is called.
 */
final class NatsPull {

    /** Takes what comes. Called by one thread at a time for one inbox. */
    interface Sink {
        /**
         * Messages, in the order of the server.
         *
         * @return for how many of them credit was used
         */
        int take(List<Message> batch);

        /** The server does not answer for the consumer: it may be gone, or have moved. */
        void silent(String reason);
    }

    private static final Duration EXPIRES = Duration.ofSeconds(30);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final long SILENCE = HEARTBEAT.multipliedBy(3).toNanos();
    private static final int LARGEST_BATCH = 256;
    private static final String PENDING = "Nats-Pending-Messages";

    private final NatsLink link;
    private final Sink sink;
    private final int quarter;

    private @Nullable Inbox inbox;
    private long credit;
    private long asked;
    private boolean stopped;
    private volatile long lastSign = System.nanoTime();

    /**
     * A pull that asks for nothing yet.
     *
     * @param window the most credit there will be
     */
    NatsPull(NatsLink link, int window, Sink sink) {
        this.link = link;
        this.sink = sink;
        quarter = Math.max(1, window / 4);
    }

    /** Asks this consumer from now on. */
    synchronized void begin(String stream, String consumer) {
        end();
        if (!stopped) {
            inbox = new Inbox("$JS.API.CONSUMER.MSG.NEXT." + stream + "." + consumer);
            lastSign = System.nanoTime();
            ask();
        }
    }

    /** Asks nobody until it begins again; what came before has been handed to the sink. */
    void pause() {
        Inbox old;
        synchronized (this) {
            old = inbox;
            end();
        }
        if (old != null) {
            old.empty();
        }
    }

    private synchronized void end() {
        inbox = null;
        asked = 0;
    }

    /** Allows this many messages more. */
    synchronized void grant(int more) {
        credit += more;
        ask();
    }

    /** How many messages may be delivered. */
    synchronized long credit() {
        return credit;
    }

    synchronized void stop() {
        stopped = true;
    }

    /**
     * Ends at the server, and then hands over what it had sent already. Waits for that.
     *
     * @param patience how long to wait at the most
     */
    void close(Duration patience) {
        Inbox old;
        synchronized (this) {
            stopped = true;
            old = inbox;
            end();
        }
        if (old != null) {
            old.drain(patience);
        }
    }

    /** Looks whether the server still answers; from time to time. */
    void watch() {
        boolean silent;
        Inbox old;
        synchronized (this) {
            old = inbox;
            silent =
                    inbox != null
                            && !stopped
                            && asked > 0
                            && System.nanoTime() - lastSign > SILENCE;
            if (silent) {
                end();
            }
        }
        if (silent && old != null) {
            Inbox left = old;
            Thread.ofVirtual()
                    .name("lapwing-nats-pull")
                    .start(() -> {
                        left.empty();
                        sink.silent("no heartbeat came for " + Duration.ofNanos(SILENCE));
                    });
        }
    }

    /**
     * Asks for what is granted and not asked for yet, unless it is little and more is under way.
     */
    private synchronized void ask() {
        long more = credit - asked;
        if (inbox == null || stopped || more <= 0 || (asked > 0 && more < quarter)) {
            return;
        }
        if (inbox.ask(more)) {
            if (asked == 0) {
                lastSign = System.nanoTime();
            }
            asked += more;
        }
    }

    private synchronized void came(Inbox from, int messages, int used) {
        credit -= used;
        if (from == inbox) {
            asked = Math.max(0, asked - messages);
            ask();
        }
    }

    private synchronized void ended(Inbox from, long notSent) {
        if (from == inbox) {
            asked = Math.max(0, asked - notSent);
            ask();
        }
    }

    private synchronized boolean leave(Inbox some) {
        boolean current = some == inbox;
        if (current) {
            end();
        }
        return current;
    }

    /** Where the answers to the questions of one time come in. */
    private final class Inbox {
        private final String subject;
        private final String prefix;
        private final Dispatcher dispatcher;
        private long number;
        private List<Message> batch = new ArrayList<>();

        Inbox(String subject) {
            this.subject = subject;
            prefix = link.connection().createInbox() + ".";
            dispatcher = link.connection().createDispatcher();
            dispatcher.setPendingLimits(-1, -1);
            dispatcher.subscribe(prefix + "*", this::take);
        }

        boolean ask(long messages) {
            String question =
                    "{\"batch\":%d,\"expires\":%d,\"idle_heartbeat\":%d}"
                            .formatted(messages, EXPIRES.toNanos(), HEARTBEAT.toNanos());
            return link.publish(
                    subject,
                    prefix + number++ + "-" + messages,
                    null,
                    question.getBytes(StandardCharsets.US_ASCII));
        }

        private void take(Message message) {
            lastSign = System.nanoTime();
            if (message.isStatusMessage()) {
                flush();
                status(message);
                return;
            }
            batch.add(message);
            if (batch.size() >= LARGEST_BATCH || dispatcher.getPendingMessageCount() <= 0) {
                flush();
            }
        }

        private void flush() {
            if (!batch.isEmpty()) {
                List<Message> all = batch;
                batch = new ArrayList<>(Math.min(LARGEST_BATCH, all.size() * 2));
                came(this, all.size(), sink.take(all));
            }
        }

        private void status(Message message) {
            Status status = message.getStatus();
            switch (status.getCode()) {
                case 100 -> {}
                case 404, 408 -> ended(this, notSent(message));
                default -> {
                    // The consumer was deleted, has moved to another server, or has too many
                    // questions waiting.
                    if (leave(this)) {
                        Thread.ofVirtual()
                                .name("lapwing-nats-pull")
                                .start(() -> {
                                    empty();
                                    sink.silent(status.getMessageWithCode());
                                });
                    }
                }
            }
        }

        /** How many messages of a question are not sent; all of them if the server does not say. */
        private long notSent(Message message) {
            String told =
                    message.getHeaders() == null ? null : message.getHeaders().getFirst(PENDING);
            String subject = message.getSubject();
            try {
                return Long.parseLong(
                        told != null ? told : subject.substring(subject.lastIndexOf('-') + 1));
            } catch (NumberFormatException foreign) {
                return 0;
            }
        }

        /** Lets what came be handed over, and closes without telling a server that is not there. */
        void empty() {
            long until = System.nanoTime() + Duration.ofMillis(200).toNanos();
            while (dispatcher.getPendingMessageCount() > 0 && System.nanoTime() - until < 0) {
                Thread.onSpinWait();
            }
            link.subscriptions().close(dispatcher);
        }

        void drain(Duration patience) {
            link.subscriptions().drain(dispatcher, patience);
        }
    }
}
