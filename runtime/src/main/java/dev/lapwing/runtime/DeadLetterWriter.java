// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.DeadLetter;
import dev.lapwing.PublishResult;

import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Writes dead letters for a subscription: a copy that the broker has confirmed, before the message
 * itself is settled. A copy that cannot be stored is tried again, with the message still here and
 * its lease renewed, until it is stored or the subscription ends and gives the message back.
 */
final class DeadLetterWriter {
    private static final System.Logger LOG = System.getLogger(DeadLetterWriter.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final PublishPipeline pipeline;
    private final Timers timers;
    private final Clock clock;
    private final String group;
    private final boolean possible;
    private final boolean withHeaders;
    private volatile boolean stopped;
    private int unwritten;

    DeadLetterWriter(
            PublishPipeline pipeline,
            Timers timers,
            Clock clock,
            Capabilities effective,
            String group) {
        this.pipeline = pipeline;
        this.timers = timers;
        this.clock = clock;
        this.group = group;
        possible = effective.has(Capability.DEAD_LETTERS);
        withHeaders = effective.has(Capability.HEADERS);
    }

    /** Writes a letter and then runs the task, on any thread; it returns at once. */
    void write(LiveDelivery delivery, String reason, Runnable stored) {
        if (!possible) {
            LOG.log(
                    Level.WARNING,
                    "{0} is given up: {1}. The transport keeps no dead letters",
                    delivery,
                    reason);
            stored.run();
            return;
        }
        var letter =
                new DeadLetter(
                        delivery.message(),
                        delivery.topic(),
                        group,
                        reason,
                        delivery.attempt(),
                        clock.instant(),
                        delivery.position());
        LOG.log(Level.WARNING, "{0} becomes a dead letter of {1}: {2}", delivery, group, reason);
        began();
        write(
                letter,
                () -> {
                    stored.run();
                    ended();
                },
                FIRST_PAUSE);
    }

    private synchronized void began() {
        unwritten++;
    }

    private synchronized void ended() {
        unwritten--;
        notifyAll();
    }

    /** Waits until every letter is stored; false if the time was over before. */
    synchronized boolean awaitWritten(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (unwritten > 0 && deadline - System.nanoTime() > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, deadline - System.nanoTime()));
        }
        return unwritten == 0;
    }

    private void write(DeadLetter letter, Runnable stored, Duration pause) {
        if (stopped) {
            return;
        }
        pipeline.publishCopy(
                DeadLetterFormat.write(letter, withHeaders),
                result -> {
                    if (result instanceof PublishResult.Stored) {
                        stored.run();
                    } else {
                        LOG.log(
                                Level.WARNING,
                                "A dead letter of topic {0} is not stored and is tried again in"
                                        + " {1}: {2}",
                                letter.topic(),
                                pause,
                                result);
                        writeLater(letter, stored, pause);
                    }
                });
    }

    private void writeLater(DeadLetter letter, Runnable stored, Duration pause) {
        Duration doubled = pause.multipliedBy(2);
        Duration next = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        timers.after(Timers.nanos(pause), () -> write(letter, stored, next));
    }

    /** Tries nothing again. */
    void stop() {
        stopped = true;
    }
}
