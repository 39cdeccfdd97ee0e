// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;

import dev.lapwing.Capability;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Consumes one queue, in one session after the other. The connection's reading thread puts what
 * comes into the session's inbox; a thread of this receiver, the only one that calls the listener,
 * hands it over as far as there is credit.
 *
 * <p>RabbitMQ counts what is unsettled, while credit counts what was delivered. So the prefetch is
 * what was granted and not yet settled, and a first consumer begins with the first grant: the
 * broker keeps what there is no credit for, and only what is acknowledged before new credit comes
 * can wait in the inbox.
 */
final class RabbitReceiver implements Receiver {
    private final RabbitLink link;
    private final ReceiverListener listener;
    private final Clock clock;
    private final Consumer<RabbitReceiver> onClose;
    private final RabbitTopics topics;
    private final RabbitSessions sessions;
    private final AtomicInteger credit = new AtomicInteger();
    private final AtomicBoolean closing = new AtomicBoolean();

    /**
     * What the listener is told beside deliveries, in order. Bounded: a stop is told once, and each
     * end of a session and each gap comes after a reconnect, which takes a pause of its own.
     */
    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean closed;

    /** A receiver that {@link #start} puts in force. */
    RabbitReceiver(
            RabbitLink link,
            RabbitTopology topology,
            ReceiverRequest request,
            ReceiverListener listener,
            Clock clock,
            Consumer<RabbitReceiver> onClose) {
        this.link = link;
        this.listener = listener;
        this.clock = clock;
        this.onClose = onClose;
        topics = new RabbitTopics(link.settings(), topology.names(), request.topics());
        sessions = new RabbitSessions(link, topology, request, this);
        thread = Thread.ofVirtual().name("lapwing-rabbitmq-receiver").unstarted(this::handOver);
    }

    /**
     * Declares and binds the queue.
     *
     * @throws LapwingException if the broker refuses
     */
    void start() {
        sessions.start();
        thread.start();
    }

    /** The receiver has ended for good. */
    void fail(LapwingException cause) {
        stopped = true;
        tell(() -> listener.failed(cause));
    }

    /** Messages may be missing. */
    void missed(Gap gap) {
        tell(() -> listener.gap(gap));
    }

    /** A session has ended: on the reading thread, which must not wait. */
    void ended(RabbitSession which, String reason) {
        tell(() -> {
            List<RabbitDelivery> lost = which.lose();
            if (!lost.isEmpty()) {
                listener.lost(lost, "the channel ended: " + reason);
            }
        });
    }

    /** Has the listener told something, in order, on the thread that hands over. */
    private void tell(Runnable event) {
        events.add(event);
        wake();
    }

    /** There is something to do for the thread that hands over. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Makes a delivery of what came, on the reading thread. */
    RabbitDelivery delivery(
            RabbitSession from, Envelope envelope, BasicProperties properties, byte[] body) {
        long arrived = properties.getTimestamp() == null ? clock.millis() : 0;
        var message = new RabbitMessage(topics.topic(envelope), properties, body, arrived);
        return new RabbitDelivery(from, envelope.getDeliveryTag(), envelope.isRedeliver(), message);
    }

    private void handOver() {
        while (!closed) {
            boolean worked = false;
            for (Runnable event = events.poll(); event != null; event = events.poll()) {
                event.run();
                worked = true;
            }
            if (!deliverSome() && !worked) {
                LockSupport.park(this);
            }
        }
    }

    private boolean deliverSome() {
        RabbitSession from = sessions.current();
        int room = credit.get();
        if (from == null || stopped || room <= 0 || !from.hasMore()) {
            return false;
        }
        List<RabbitDelivery> wanted = wanted(from, from.take(room));
        credit.addAndGet(-wanted.size());
        if (!wanted.isEmpty()) {
            listener.deliver(wanted);
        }
        return true;
    }

    /** Leaves out what the queue was given and the pattern does not match; that is done with. */
    private List<RabbitDelivery> wanted(RabbitSession from, List<RabbitDelivery> batch) {
        if (!topics.filters()) {
            return batch;
        }
        var wanted = new ArrayList<RabbitDelivery>(batch.size());
        var others = new ArrayList<RabbitDelivery>();
        for (RabbitDelivery each : batch) {
            (topics.matches(each.message().topic()) ? wanted : others).add(each);
        }
        if (!others.isEmpty()) {
            try {
                from.ack(others);
            } catch (IOException e) {
                // The link broke; they come again, and are left out again.
            }
        }
        return wanted;
    }

    @Override
    public void grant(int deliveries) {
        credit.addAndGet(deliveries);
        sessions.granted();
        wake();
    }

    /** How many deliveries have to be able to be unsettled. */
    int needed(RabbitSession now) {
        return credit.get() + now.unsettled();
    }

    boolean hasCredit() {
        return !stopped && credit.get() > 0;
    }

    boolean isStopped() {
        return stopped;
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        var bySession = new LinkedHashMap<RabbitSession, List<RabbitDelivery>>(2);
        for (Received each : deliveries) {
            RabbitDelivery delivery = (RabbitDelivery) each;
            bySession
                    .computeIfAbsent(delivery.session(), any -> new ArrayList<>(deliveries.size()))
                    .add(delivery);
        }
        var stale = new ArrayList<RabbitDelivery>();
        try {
            for (Map.Entry<RabbitSession, List<RabbitDelivery>> part : bySession.entrySet()) {
                stale.addAll(settle(settlement, part.getKey(), part.getValue()));
            }
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new ConnectionFailedException(
                            "The link to %s broke while deliveries were settled; they may come again"
                                    .formatted(link.settings().broker()),
                            e));
        }
        return CompletableFuture.completedFuture(
                stale.isEmpty()
                        ? SettleReport.allUnconfirmed()
                        : new SettleReport(false, List.copyOf(stale)));
    }

    private static List<RabbitDelivery> settle(
            Settlement settlement, RabbitSession on, List<RabbitDelivery> deliveries)
            throws IOException {
        return switch (settlement) {
            case Settlement.Ack ack -> on.ack(deliveries);
            case Settlement.GiveBack back -> on.nack(deliveries, true);
            case Settlement.Reject reject -> on.nack(deliveries, false);
            case Settlement.Extend extend ->
                    throw new UnsupportedCapabilityException(
                            RabbitProvider.NAME,
                            Capability.EXTEND_LEASE,
                            "a delivery has no lease");
        };
    }

    @Override
    public CompletableFuture<Void> stop() {
        stopped = true;
        var done = new CompletableFuture<Void>();
        if (closed) {
            done.complete(null);
        } else {
            tell(() -> {
                done.complete(null);
                sessions.stop();
            });
        }
        return done;
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        onClose.accept(this);
        stopped = true;
        sessions.close();
        closed = true;
        wake();
        awaitSilence();
    }

    /** Waits until the listener is not called any more, unless the listener itself closes. */
    private void awaitSilence() {
        if (Thread.currentThread() == thread || thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
