// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;

import dev.lapwing.ClosedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.ReceiverRequest;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sessions of one receiver, one after the other: opens the next one when the link is up again
 * or when the channel alone has ended, and has it consume as much as was granted.
 *
 * <p>The setup lock is held while the broker is asked; locks are taken in the order link, setup.
 */
final class RabbitSessions implements RabbitLink.Resident {
    private static final int MOST_PREFETCH = 65_535;
    private static final long REOPEN_PAUSE_NANOS = 200_000_000;
    private static final long LONGEST_REOPEN_PAUSE_NANOS = 5_000_000_000L;

    private final RabbitLink link;
    private final RabbitTopology topology;
    private final ReceiverRequest request;
    private final RabbitReceiver receiver;
    private final ReentrantLock setup = new ReentrantLock();
    private final AtomicBoolean adjusting = new AtomicBoolean();
    private volatile @Nullable RabbitSession current;
    private volatile boolean closed;

    RabbitSessions(
            RabbitLink link,
            RabbitTopology topology,
            ReceiverRequest request,
            RabbitReceiver receiver) {
        this.link = link;
        this.topology = topology;
        this.request = request;
        this.receiver = receiver;
    }

    /** The present one, which may have ended; null before the first. */
    @Nullable RabbitSession current() {
        return current;
    }

    /**
     * Opens the first one.
     *
     * @throws LapwingException if the broker refuses
     */
    void start() {
        link.with(
                name(),
                this,
                up -> {
                    open(up);
                    return this;
                });
    }

    private String name() {
        return topology.queueName(request);
    }

    private void open(RabbitWires up) throws IOException {
        setup.lock();
        try {
            if (closed) {
                return;
            }
            Channel channel = up.consuming().createChannel();
            if (channel == null) {
                throw new IOException("the connection has no channel left");
            }
            String queue = declared(channel);
            var fresh = new RabbitSession(receiver, this, channel, queue);
            current = fresh;
            channel.addShutdownListener(fresh::died);
            consumeAsGranted(fresh);
        } finally {
            setup.unlock();
        }
    }

    private String declared(Channel channel) throws IOException {
        try {
            return topology.declare(channel, request);
        } catch (IOException | RuntimeException e) {
            abort(channel);
            throw e;
        }
    }

    @Override
    public void restore(RabbitWires up) throws IOException {
        try {
            open(up);
            if (request.group().isEmpty()) {
                receiver.missed(
                        new Gap(
                                request.topics().toString(),
                                Optional.empty(),
                                -1,
                                "the link was down, and without a group nothing is kept"
                                        + " meanwhile"));
            }
        } catch (IOException e) {
            if (RabbitErrors.isFinal(e)) {
                receiver.fail(RabbitErrors.using(link.settings(), name(), e));
            } else if (RabbitErrors.isSilence(e)) {
                // One queue that does not answer keeps no other receiver waiting.
                succeed(current);
            } else {
                throw e;
            }
        }
    }

    /** More was granted: the consumer may have to get more at once than now. */
    void granted() {
        RabbitSession now = current;
        if (now != null
                && now.prefetch() < Math.min(receiver.needed(now), MOST_PREFETCH)
                && adjusting.compareAndSet(false, true)) {
            Thread.ofVirtual().start(this::adjust);
        }
    }

    private void adjust() {
        RabbitSession now = null;
        setup.lock();
        try {
            adjusting.set(false);
            now = current;
            if (now != null && now.lives() && !closed) {
                consumeAsGranted(now);
            }
        } catch (IOException | ShutdownSignalException e) {
            abort(now);
        } finally {
            setup.unlock();
        }
    }

    private void consumeAsGranted(RabbitSession now) throws IOException {
        int needed = Math.min(receiver.needed(now), MOST_PREFETCH);
        int before = now.prefetch();
        if (receiver.hasCredit() && before < needed) {
            now.consume(Math.min(MOST_PREFETCH, Math.max(needed, before * 2)));
        }
    }

    /** The channel alone has ended, and the link has not: the next one takes over. */
    void succeed(@Nullable RabbitSession dead) {
        if (!closed) {
            Thread.ofVirtual().start(() -> reopen(dead));
        }
    }

    private void reopen(@Nullable RabbitSession dead) {
        long pause = REOPEN_PAUSE_NANOS;
        boolean again = true;
        while (again) {
            LockSupport.parkNanos(pause);
            pause = Math.min(pause * 2, LONGEST_REOPEN_PAUSE_NANOS);
            again = isNext(dead) && !hasReopened(dead);
        }
    }

    private boolean isNext(@Nullable RabbitSession dead) {
        return !closed && !receiver.isStopped() && current == dead;
    }

    /** Whether a successor is there, or none will be; false to try again. */
    private boolean hasReopened(@Nullable RabbitSession dead) {
        try {
            link.with(
                    name(),
                    up -> {
                        if (current == dead) {
                            open(up);
                        }
                        return this;
                    });
            return true;
        } catch (ConnectionFailedException e) {
            return false;
        } catch (LapwingException e) {
            if (!closed) {
                receiver.fail(e);
            }
            return true;
        }
    }

    /** The broker has ended the consumer: the queue was deleted, or moves to another node. */
    void cancelled(RabbitSession which) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        boolean exists =
                                link.with(name(), up -> topology.exists(up, which.queue()));
                        if (!exists && !closed) {
                            receiver.fail(
                                    new ClosedException(
                                            "%s was deleted while it was consumed; subscribe again to make a new one"
                                                    .formatted(name())));
                        }
                        abort(which);
                    } catch (LapwingException e) {
                        // The link is down: it has this receiver restored when it is up again.
                    }
                });
    }

    private static void abort(@Nullable RabbitSession which) {
        if (which != null) {
            abort(which.getChannel());
        }
    }

    private static void abort(Channel channel) {
        try {
            channel.abort();
        } catch (IOException | RuntimeException e) {
            // It is gone already.
        }
    }

    /**
     * Consumes no more than one message, on a thread of its own; what was handed over can still be
     * settled. The queue of a receiver without a group holds nothing for others, and its prefetch
     * bounds what comes until it is closed.
     */
    void stop() {
        if (request.group().isEmpty()) {
            return;
        }
        Thread.ofVirtual()
                .start(() -> {
                    setup.lock();
                    try {
                        RabbitSession now = current;
                        if (now != null && now.lives() && !closed) {
                            now.stop();
                        }
                    } catch (IOException | ShutdownSignalException e) {
                        // The link broke, which gives everything back.
                    } finally {
                        setup.unlock();
                    }
                });
    }

    /** Ends the last one, which gives back what is not settled; waits until that is done. */
    void close() {
        setup.lock();
        try {
            closed = true;
            RabbitSession last = current;
            if (last != null) {
                if (last.lives()) {
                    end(last);
                }
                last.lose();
            }
        } finally {
            setup.unlock();
        }
        link.leave(this);
    }

    private void end(RabbitSession last) {
        try {
            if (request.group().isEmpty()) {
                last.getChannel().queueDelete(last.queue());
            }
            last.end();
        } catch (IOException | TimeoutException | ShutdownSignalException e) {
            abort(last);
        }
    }
}
