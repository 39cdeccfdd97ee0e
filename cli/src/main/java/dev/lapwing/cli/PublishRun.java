// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.InvalidMessageException;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.function.Function;

/** Publishes messages without waiting for each, and counts what became of them. */
final class PublishRun {

    /** How many messages may be under way; the connection's options say so too. */
    static final int IN_FLIGHT = 16_384;

    /** How many failures are told one by one. */
    private static final int TOLD = 10;

    private final Lapwing lapwing;
    private final PrintWriter err;
    private final Progress progress;
    private final Phaser underWay = new Phaser(1);
    private final long began = System.nanoTime();

    private long stored;
    private long duplicates;
    private long bytes;
    private long failed;
    private Optional<PublishResult.Stored> last = Optional.empty();

    PublishRun(Lapwing lapwing, PrintWriter err, Progress progress) {
        this.lapwing = lapwing;
        this.err = err;
        this.progress = progress;
    }

    /**
     * Publishes one message and waits for it.
     *
     * @throws LapwingException if it is not stored
     */
    void publish(Message message) {
        add(lapwing.publish(message), message.payload().length);
    }

    /** Publishes each line; how many may be under way is the connection's limit. */
    void publishLines(LineReader lines, Function<byte[], Message> message) throws IOException {
        long number = 0;
        for (var line = lines.next(); line.isPresent(); line = lines.next()) {
            number++;
            publishLine(number, message.apply(line.get()));
        }
    }

    private void publishLine(long number, Message message) {
        int size = message.payload().length;
        try {
            // A phaser counts up to 65,535 at once; IN_FLIGHT stays below.
            underWay.register();
            lapwing.publishAsync(message)
                    .whenComplete((result, failure) -> {
                        if (failure == null) {
                            add(result, size);
                        } else {
                            fail(number, failure);
                        }
                        underWay.arriveAndDeregister();
                    });
        } catch (InvalidMessageException e) {
            underWay.arriveAndDeregister();
            fail(number, e);
        }
    }

    private synchronized void add(PublishResult.Stored result, int size) {
        stored++;
        bytes += size;
        duplicates += result.duplicate() ? 1 : 0;
        last = Optional.of(result);
        progress.add(size);
    }

    private synchronized void fail(long line, Throwable failure) {
        failed++;
        if (failed <= TOLD) {
            progress.message(err, "lapwing: line %d: %s".formatted(line, failure.getMessage()));
        } else if (failed == TOLD + 1) {
            progress.message(err, "lapwing: more lines fail; they are counted, not told");
        }
    }

    /** Waits until every message has its result. */
    void await() {
        underWay.arriveAndAwaitAdvance();
    }

    synchronized long failed() {
        return failed;
    }

    /** What happened, in one line. */
    synchronized String summary(String topic) {
        double seconds = (System.nanoTime() - began) / 1e9;
        var text = new StringBuilder();
        if (stored == 1 && failed == 0) {
            text.append("Published 1 message to ").append(topic);
            last.flatMap(PublishResult.Stored::position)
                    .ifPresent(position -> text.append(", position ").append(position));
        } else {
            text.append(
                    String.format(
                            Locale.ROOT,
                            "Published %,d messages (%s) to %s in %.1f s",
                            stored,
                            new ByteSize(bytes),
                            topic,
                            seconds));
        }
        if (duplicates > 0) {
            text.append(
                    stored == 1
                            ? "; it was there before"
                            : "; %,d were there before".formatted(duplicates));
        }
        if (failed > 0) {
            text.append("; %,d failed".formatted(failed));
        }
        return text.toString();
    }
}
