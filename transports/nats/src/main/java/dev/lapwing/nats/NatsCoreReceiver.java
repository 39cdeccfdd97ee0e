// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.TopicName;
import dev.lapwing.TopicPattern;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import io.nats.client.Dispatcher;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A subscription of core NATS, in a queue group where there is one. The server knows no credit, so
 * that what comes without it waits here, up to a limit; what comes beyond is dropped and told.
 */
final class NatsCoreReceiver implements Receiver, NatsWatcher {

    /** A message of core NATS: it has no place, and comes once. */
    private record Passing(Message message) implements Received {
        @Override
        public Optional<Position> position() {
            return Optional.empty();
        }

        @Override
        public int attempt() {
            return 1;
        }
    }

    private final NatsLink link;
    private final TopicPattern topics;
    private final ReceiverListener listener;
    private final Consumer<Receiver> onClose;
    private final int most;
    private final Dispatcher dispatcher;
    private final ReentrantLock calling = new ReentrantLock();
    private final Deque<Received> waiting = new ArrayDeque<>();
    private long credit;
    private long dropped;
    private boolean stopped;
    private boolean closed;

    /** Subscribes; it is in force when this returns. */
    NatsCoreReceiver(
            NatsLink link,
            ReceiverRequest request,
            int most,
            ReceiverListener listener,
            Consumer<Receiver> onClose) {
        this.link = link;
        this.topics = request.topics();
        this.most = most;
        this.listener = listener;
        this.onClose = onClose;
        dispatcher = link.connection().createDispatcher();
        dispatcher.setPendingLimits(-1, -1);
        String subject = topics.toString();
        link.subscriptions()
                .subscribe(
                        dispatcher,
                        subject,
                        () ->
                                request.group()
                                        .ifPresentOrElse(
                                                group ->
                                                        dispatcher.subscribe(
                                                                subject,
                                                                NatsNames.escape(group),
                                                                this::take),
                                                () -> dispatcher.subscribe(subject, this::take)));
        link.watch(this);
    }

    private void take(io.nats.client.Message message) {
        calling.lock();
        try {
            if (stopped) {
                return;
            }
            if (isWanted(message.getSubject())) {
                keep(new Passing(new NatsArrived(message, link.now(), message.getReplyTo())));
            }
            // Also behind what is not wanted: it may be the last of a burst.
            if (dispatcher.getPendingMessageCount() <= 0 || waiting.size() >= credit) {
                deliver();
            }
        } finally {
            calling.unlock();
        }
    }

    private void keep(Received message) {
        if (waiting.size() < most) {
            waiting.add(message);
        } else {
            dropped++;
        }
    }

    /** A pattern that begins with a wildcard also gets what is no topic: inboxes, system events. */
    private boolean isWanted(String subject) {
        if (!topics.isPattern()) {
            return true;
        }
        boolean internal = TopicName.isReserved(subject) || subject.charAt(0) == '$';
        return !internal || topics.words().getFirst().equals(NatsNames.firstWord(subject));
    }

    /** Hands over what there is credit for; the lock is held. */
    private void deliver() {
        if (stopped || credit == 0 || waiting.isEmpty()) {
            return;
        }
        var batch = new ArrayList<Received>((int) Math.min(credit, waiting.size()));
        while (credit > 0 && !waiting.isEmpty()) {
            batch.add(waiting.poll());
            credit--;
        }
        listener.deliver(batch);
        if (dropped > 0 && waiting.size() < most) {
            listener.gap(
                    new Gap(
                            topics.toString(),
                            Optional.empty(),
                            dropped,
                            "more than %d messages waited for their consumer; make it faster, or raise ?buffer"
                                    .formatted(most)));
            dropped = 0;
        }
    }

    @Override
    public void grant(int deliveries) {
        calling.lock();
        try {
            credit += deliveries;
            deliver();
        } finally {
            calling.unlock();
        }
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(SettleReport.allUnconfirmed());
    }

    @Override
    public CompletableFuture<Void> stop() {
        calling.lock();
        try {
            stopped = true;
            waiting.clear();
        } finally {
            calling.unlock();
        }
        return CompletableFuture.completedFuture(null);
    }

    /** Permissions may change while the link is down. */
    @Override
    public void denied(String subject, LapwingException reason) {
        if (subject.equals(topics.toString())) {
            linkClosed(reason);
        }
    }

    @Override
    public void linkClosed(LapwingException reason) {
        calling.lock();
        try {
            if (!closed) {
                stopped = true;
                listener.failed(reason);
            }
        } finally {
            calling.unlock();
        }
    }

    @Override
    public void close() {
        calling.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            stopped = true;
            waiting.clear();
        } finally {
            calling.unlock();
        }
        link.forget(this);
        link.subscriptions().close(dispatcher);
        onClose.accept(this);
    }
}
