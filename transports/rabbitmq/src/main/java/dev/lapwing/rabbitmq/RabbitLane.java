// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * A channel that publishes with confirms, again and again on new channels. Senders write on their
 * own threads, one batch at a time under the lane's lock; confirms, returns and the channel's end
 * come on the connection's reading thread, which never takes that lock.
 *
 * <p>While RabbitMQ blocks publishers, or the channel is being opened again, messages wait here in
 * their order, each for a limited time.
 */
final class RabbitLane {
    private static final long SHORTEST_TURN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final String DOWN = "the link to the broker is down: ";

    /** What is done with each new channel before anything is sent. */
    interface Opening {
        void opened(Channel channel) throws IOException;
    }

    private record Waiting(RabbitOutgoing message, long deadline) {}

    /** A channel and what waits for its confirm. */
    private record Open(Channel channel, RabbitTags<RabbitOutgoing> tags) {}

    private final RabbitLink link;
    private final BooleanSupplier blocked;
    private final Opening opening;
    private final Consumer<RabbitOutgoing> onReturn;
    private final long patienceNanos;
    private final ReentrantLock sending = new ReentrantLock();

    /** Bounded by what connections let be in flight: the runtime counts what has no result. */
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private @Nullable Open current;
    private boolean reopening;

    /** When the message that is being written was begun; 0 if none is. */
    private volatile long writingSince;

    private boolean closed;

    /**
     * A lane that is not open yet.
     *
     * @param blocked whether RabbitMQ blocks publishers now
     * @param opening what is done with each new channel
     * @param onReturn told what no queue takes, on the reading thread
     */
    RabbitLane(
            RabbitLink link,
            BooleanSupplier blocked,
            Opening opening,
            Consumer<RabbitOutgoing> onReturn) {
        this.link = link;
        this.blocked = blocked;
        this.opening = opening;
        this.onReturn = onReturn;
        this.patienceNanos = link.settings().blockedTimeout().toNanos();
    }

    /** Opens a channel on these wires; what waits is sent. */
    void open(RabbitWires up) throws IOException {
        Channel channel = up.publishing().createChannel();
        if (channel == null) {
            throw new IOException("the connection has no channel left");
        }
        var tags = new RabbitTags<RabbitOutgoing>();
        channel.addReturnListener(back -> {
            RabbitOutgoing message =
                    tags.find(each ->
                            each.is(
                                    back.getExchange(),
                                    back.getRoutingKey(),
                                    back.getProperties().getMessageId()));
            if (message != null) {
                message.sentBack();
                onReturn.accept(message);
            }
        });
        channel.addConfirmListener(
                (tag, multiple) -> take(tags, tag, multiple).forEach(RabbitOutgoing::confirmed),
                (tag, multiple) ->
                        take(tags, tag, multiple)
                                .forEach(each ->
                                        each.refused(
                                                "a queue is full, or could not store it", true)));
        // Not confirmSelect: the client would keep a second account of what is open.
        channel.rpc(new AMQP.Confirm.Select.Builder().build());
        opening.opened(channel);
        var fresh = new Open(channel, tags);
        channel.addShutdownListener(cause -> died(fresh, cause));
        sending.lock();
        try {
            current = fresh;
        } finally {
            sending.unlock();
        }
        sendWaiting();
    }

    private static List<RabbitOutgoing> take(
            RabbitTags<RabbitOutgoing> tags, long tag, boolean multiple) {
        if (multiple) {
            return tags.removeTo(tag);
        }
        RabbitOutgoing one = tags.remove(tag);
        return one == null ? List.of() : List.of(one);
    }

    /** Sends a batch in its order; each message is told how it ends. */
    void send(List<RabbitOutgoing> batch) {
        List<RabbitOutgoing> unsent = List.of();
        if (!isMyTurn()) {
            String reason =
                    "%s has not read on since the message before, or the thread was interrupted"
                            .formatted(link.settings().broker());
            batch.forEach(each -> each.refused(reason, true));
            return;
        }
        try {
            Open open = current;
            if (open == null && !reopening) {
                unsent = batch;
            } else if (open == null || blocked.getAsBoolean() || !waiting.isEmpty()) {
                await(batch);
            } else {
                unsent = write(open, batch);
            }
        } finally {
            sending.unlock();
        }
        unsent.forEach(each -> each.refused(DOWN + link.reason(), true));
    }

    /** Waits for whoever writes now, who may be held up by a broker that reads no more. */
    private boolean isMyTurn() {
        try {
            return sending.tryLock()
                    || sending.tryLock(
                            Math.max(patienceNanos, SHORTEST_TURN_NANOS), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Whether one message has been written for so long that the broker cannot be reading it. While
     * it blocks publishers, RabbitMQ reads nothing more, and goes on to show that it lives.
     */
    boolean isStuck(long nanos) {
        long since = writingSince;
        return since != 0 && System.nanoTime() - since > nanos;
    }

    /** Writes a batch; returns what certainly was not sent. */
    private List<RabbitOutgoing> write(Open open, List<RabbitOutgoing> batch) {
        long first = open.tags().add(batch);
        if (first == 0) {
            // The channel has ended, and its successor is on the way unless the link is down.
            if (link.wires() == null) {
                return batch;
            }
            await(batch);
            return List.of();
        }
        int at = 0;
        try {
            for (; at < batch.size(); at++) {
                if (blocked.getAsBoolean()) {
                    await(open.tags().takeBackFrom(first + at));
                    return List.of();
                }
                RabbitOutgoing each = batch.get(at);
                writingSince = System.nanoTime() | 1;
                open.channel()
                        .basicPublish(
                                each.exchange(),
                                each.routingKey(),
                                each.isMandatory(),
                                each.properties(),
                                each.body());
            }
            return List.of();
        } catch (AlreadyClosedException e) {
            return open.tags().removeFrom(first + at);
        } catch (IOException | RuntimeException e) {
            // Part of this one may be written, so that nothing more can be on this channel.
            Thread.ofVirtual().start(() -> abort(open));
            List<RabbitOutgoing> behind = open.tags().removeFrom(first + at + 1);
            RabbitOutgoing half = open.tags().remove(first + at);
            if (half != null) {
                half.unknown("the link broke while it was written: " + RabbitErrors.reason(e));
            }
            return behind;
        } finally {
            writingSince = 0;
        }
    }

    private static void abort(Open open) {
        try {
            open.channel().abort();
        } catch (IOException | RuntimeException e) {
            died(open);
        }
    }

    private static void died(Open open) {
        open.tags().close().forEach(each -> each.unknown("the channel broke before its confirm"));
    }

    private void await(List<RabbitOutgoing> batch) {
        long deadline = System.nanoTime() + patienceNanos;
        if (waiting.isEmpty()) {
            expireLater(patienceNanos);
        }
        batch.forEach(each -> waiting.add(new Waiting(each, deadline)));
    }

    private void expireLater(long nanos) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(this::expire);
    }

    private void expire() {
        var late = new ArrayList<RabbitOutgoing>();
        sending.lock();
        try {
            long now = System.nanoTime();
            while (!waiting.isEmpty() && waiting.peek().deadline() - now <= 0) {
                late.add(waiting.remove().message());
            }
            if (!waiting.isEmpty()) {
                expireLater(Math.max(1, waiting.peek().deadline() - now));
            }
        } finally {
            sending.unlock();
        }
        late.forEach(each -> each.refused(blockedReason(), true));
    }

    private String blockedReason() {
        return "%s blocks publishers: it is short of memory or disk; free some, or raise its limits"
                .formatted(link.settings().broker());
    }

    /** Sends what waits, unless it has to wait on. */
    void sendWaiting() {
        List<RabbitOutgoing> unsent = List.of();
        sending.lock();
        try {
            Open open = current;
            if (open != null && !blocked.getAsBoolean() && !waiting.isEmpty()) {
                List<RabbitOutgoing> all = waiting.stream().map(Waiting::message).toList();
                waiting.clear();
                unsent = write(open, all);
            }
        } finally {
            sending.unlock();
        }
        unsent.forEach(each -> each.refused(DOWN + link.reason(), true));
    }

    /** The channel has ended: on the reading thread, which must not wait. */
    private void died(Open open, ShutdownSignalException cause) {
        RabbitVerdict.tell(open.tags().close(), cause);
        Thread.ofVirtual().start(() -> succeed(open, cause));
    }

    /** Opens the next channel if it was the channel alone that ended. */
    private void succeed(Open dead, ShutdownSignalException cause) {
        RabbitWires up = cause.isHardError() ? null : link.wires();
        List<Waiting> left = List.of();
        sending.lock();
        try {
            if (current != dead) {
                return;
            }
            current = null;
            reopening = up != null && !closed;
            if (!reopening) {
                left = List.copyOf(waiting);
                waiting.clear();
            }
        } finally {
            sending.unlock();
        }
        left.forEach(each -> each.message().refused(DOWN + RabbitErrors.reason(cause), true));
        if (up != null && reopening) {
            reopen(up);
        }
    }

    private void reopen(RabbitWires up) {
        try {
            open(up);
        } catch (IOException | RuntimeException e) {
            up.broke(e);
        } finally {
            sending.lock();
            try {
                reopening = false;
            } finally {
                sending.unlock();
            }
        }
    }

    /** Ends the lane, whose channel goes meanwhile; sends without a result end as unknown. */
    void close() {
        Open open;
        sending.lock();
        try {
            closed = true;
            open = current;
            current = null;
        } finally {
            sending.unlock();
        }
        if (open != null) {
            Thread.ofVirtual().start(() -> abort(open));
            died(open);
        }
    }
}
