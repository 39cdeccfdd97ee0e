// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

import io.nats.client.Message;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;

import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Remembers deliveries that were given back untried. The server counts every delivery of a message
 * and cannot take one back; so a small stream holds, for such a message alone, how many of its
 * deliveries were no attempts. It is read only for what comes again. Safe for use by many threads.
 */
final class NatsUntried {
    private static final System.Logger LOG = System.getLogger(NatsUntried.class.getName());

    /** The stream of the notes. */
    static final String STREAM = "lapwing-untried";

    private static final String SUBJECTS = "_untried.";
    private static final Duration KEPT = Duration.ofDays(7);

    private final NatsLink link;
    private final NatsStreams streams;
    private final String prefix;

    /** Whether the stream is known to be there. */
    private volatile boolean ready;

    /**
     * The notes of one consumer.
     *
     * @param consumer what tells it from all others, earlier ones of its name included
     */
    NatsUntried(NatsLink link, NatsStreams streams, String stream, String consumer) {
        this.link = link;
        this.streams = streams;
        prefix = SUBJECTS + stream + "." + consumer + ".";
    }

    /**
     * Notes that these deliveries were no attempts.
     *
     * @return completes when that is stored, or cannot be
     */
    CompletableFuture<Void> note(List<NatsDelivery> deliveries) {
        var done = new CompletableFuture<Void>();
        if (ready) {
            write(deliveries, done);
        } else {
            Thread.ofVirtual()
                    .name("lapwing-nats-notes")
                    .start(() -> {
                        try {
                            make();
                            write(deliveries, done);
                        } catch (LapwingException e) {
                            LOG.log(
                                    Level.WARNING,
                                    "What was given back untried counts as an attempt: {0}",
                                    e.getMessage());
                            done.complete(null);
                        }
                    });
        }
        return done;
    }

    private void make() {
        StreamConfiguration configuration =
                StreamConfiguration.builder()
                        .name(STREAM)
                        .subjects(SUBJECTS + ">")
                        .storageType(StorageType.File)
                        .maxMessagesPerSubject(1)
                        .maxAge(KEPT)
                        .allowDirect(true)
                        .build();
        var unused =
                streams.call(
                        "The stream '" + STREAM + "'",
                        () -> streams.management().addStream(configuration));
        ready = true;
    }

    private void write(List<NatsDelivery> deliveries, CompletableFuture<Void> done) {
        var all = new Counted(deliveries.size(), () -> done.complete(null));
        for (NatsDelivery each : deliveries) {
            byte[] untried = ascii(Integer.toString(each.untried() + 1));
            if (!link.ask(prefix + each.sequence, null, untried, all)) {
                all.one();
            }
        }
    }

    /** Subtracts what was noted of these deliveries, and then goes on. */
    void look(List<NatsDelivery> deliveries, Runnable next) {
        if (ready) {
            read(deliveries, next);
            return;
        }
        Thread.ofVirtual()
                .name("lapwing-nats-notes")
                .start(() -> {
                    find();
                    if (ready) {
                        read(deliveries, next);
                    } else {
                        next.run();
                    }
                });
    }

    /**
     * Whether anybody has ever noted anything: the server leaves a question to a stream that is not
     * there without an answer, and waiting for one would outlast a short lease.
     */
    private void find() {
        try {
            ready = streams.info(STREAM).isPresent();
        } catch (LapwingException e) {
            LOG.log(Level.DEBUG, "Notes of what was given back untried are not known", e);
        }
    }

    private void read(List<NatsDelivery> deliveries, Runnable next) {
        var all = new Counted(deliveries.size(), next);
        for (NatsDelivery each : deliveries) {
            String question = "$JS.API.DIRECT.GET." + STREAM + "." + prefix + each.sequence;
            if (!link.ask(question, null, new byte[0], new Note(each, all))) {
                all.one();
            }
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Goes on when the last answer has come, whatever it was. */
    private static final class Counted implements NatsAnswer {
        private final AtomicInteger missing;
        private final Runnable next;

        Counted(int answers, Runnable next) {
            missing = new AtomicInteger(answers);
            this.next = next;
        }

        void one() {
            if (missing.decrementAndGet() == 0) {
                next.run();
            }
        }

        @Override
        public void answered(Message answer) {
            one();
        }

        @Override
        public void unknown(String reason) {
            one();
        }
    }

    /** The note of one message, if there is one. */
    private final class Note implements NatsAnswer {
        private final NatsDelivery delivery;
        private final Counted all;

        Note(NatsDelivery delivery, Counted all) {
            this.delivery = delivery;
            this.all = all;
        }

        @Override
        public void answered(Message answer) {
            if (!answer.isStatusMessage()) {
                try {
                    delivery.wereNoAttempts(
                            Integer.parseInt(
                                    new String(answer.getData(), StandardCharsets.US_ASCII)));
                } catch (NumberFormatException foreign) {
                    LOG.log(Level.DEBUG, "A note cannot be read", foreign);
                }
            }
            all.one();
        }

        @Override
        public void unknown(String reason) {
            ready = false;
            all.one();
        }
    }
}
