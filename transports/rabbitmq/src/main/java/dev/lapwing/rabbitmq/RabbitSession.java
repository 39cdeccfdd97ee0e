// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One channel of a receiver, from its opening to its end, and what came on it. Tags of deliveries
 * mean something here alone: what a session has delivered is lost when it ends.
 */
final class RabbitSession extends DefaultConsumer {
    private final RabbitReceiver receiver;
    private final RabbitSessions sessions;
    private final String queue;

    /** What came and was not handed over yet; the consumers' prefetch bounds it. */
    private final Queue<RabbitDelivery> inbox = new ConcurrentLinkedQueue<>();

    /** What was handed over and is not settled. */
    private final RabbitTags<RabbitDelivery> open = new RabbitTags<>();

    /**
     * Keeps settlements in order while they are written: an acknowledgement of everything up to a
     * tag must not be overtaken by one that goes further.
     */
    private final ReentrantLock settling = new ReentrantLock();

    private volatile boolean ended;

    /** The consumer and its prefetch; guarded by the setup lock. */
    private @Nullable String consumer;

    private volatile int prefetch;

    RabbitSession(RabbitReceiver receiver, RabbitSessions sessions, Channel channel, String queue) {
        super(channel);
        this.receiver = receiver;
        this.sessions = sessions;
        this.queue = queue;
    }

    String queue() {
        return queue;
    }

    boolean lives() {
        return !ended;
    }

    /** The channel has ended: on the reading thread, or on that of {@code close}. */
    void died(ShutdownSignalException cause) {
        ended = true;
        receiver.ended(this, RabbitErrors.reason(cause));
        if (!cause.isHardError()) {
            sessions.succeed(this);
        }
    }

    @Override
    public void handleDelivery(
            String tag, Envelope envelope, BasicProperties properties, byte[] body) {
        inbox.add(receiver.delivery(this, envelope, properties, body));
        receiver.wake();
    }

    @Override
    public void handleCancel(String tag) {
        sessions.cancelled(this);
    }

    /** How many deliveries the broker lets be unsettled here; 0 before it consumes. */
    int prefetch() {
        return prefetch;
    }

    /**
     * Consumes with this prefetch. It cannot be changed for a consumer, so a new one takes over; it
     * begins before the old one ends, or the queue would go with its last consumer.
     */
    void consume(int deliveries) throws IOException {
        String before = consumer;
        getChannel().basicQos(deliveries, false);
        consumer = getChannel().basicConsume(queue, false, this);
        prefetch = deliveries;
        if (before != null) {
            getChannel().basicCancel(before);
        }
    }

    /**
     * Consumes no more than one message, and gives back what came and was not handed over. The last
     * consumer is kept for {@link #end}.
     */
    void stop() throws IOException {
        if (consumer != null) {
            consume(1);
        }
        settling.lock();
        try {
            for (RabbitDelivery each = inbox.poll(); each != null; each = inbox.poll()) {
                getChannel().basicNack(each.tag(), false, true);
            }
        } finally {
            settling.unlock();
        }
    }

    /**
     * Ends the channel, which gives back what is not settled. The consumer is cancelled before: a
     * quorum queue takes that in behind what was settled, while acks that it has put off, because
     * many settlements are under way, would be forgotten with the channel.
     *
     * @see <a href="https://github.com/rabbitmq/rabbitmq-server/issues/10327">the server's
     *     issue</a>
     */
    void end() throws IOException, TimeoutException {
        if (consumer != null) {
            getChannel().basicCancel(consumer);
        }
        getChannel().close();
    }

    /** Takes at most so many of what came, in order; they are unsettled from now on. */
    List<RabbitDelivery> take(int most) {
        var batch = new ArrayList<RabbitDelivery>();
        while (batch.size() < most) {
            RabbitDelivery next = inbox.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
        }
        open.add(batch);
        return batch;
    }

    boolean hasMore() {
        return !inbox.isEmpty();
    }

    int unsettled() {
        return open.open();
    }

    /** Everything that was handed over and is not settled; from now on all of it is stale. */
    List<RabbitDelivery> lose() {
        inbox.clear();
        return open.close();
    }

    /** Takes a delivery to be settled; false if that is too late. */
    private boolean takeBack(RabbitDelivery delivery) {
        return open.remove(delivery.tag()) != null;
    }

    /**
     * Acknowledges deliveries.
     *
     * @return those that were no longer ours
     */
    List<RabbitDelivery> ack(List<RabbitDelivery> deliveries) throws IOException {
        settling.lock();
        try {
            var stale = new ArrayList<RabbitDelivery>();
            long[] tags = takeBack(deliveries, stale);
            long lowest = open.lowest();
            long upTo = 0;
            for (long tag : tags) {
                if (tag < lowest) {
                    upTo = Math.max(upTo, tag);
                }
            }
            try {
                if (upTo > 0) {
                    getChannel().basicAck(upTo, true);
                }
                for (long tag : tags) {
                    if (tag > lowest) {
                        getChannel().basicAck(tag, false);
                    }
                }
            } catch (AlreadyClosedException e) {
                return deliveries;
            }
            return stale;
        } finally {
            settling.unlock();
        }
    }

    /**
     * Gives deliveries back, or rejects them.
     *
     * @return those that were no longer ours
     */
    List<RabbitDelivery> nack(List<RabbitDelivery> deliveries, boolean requeue) throws IOException {
        settling.lock();
        try {
            var stale = new ArrayList<RabbitDelivery>();
            try {
                for (long tag : takeBack(deliveries, stale)) {
                    getChannel().basicNack(tag, false, requeue);
                }
            } catch (AlreadyClosedException e) {
                return deliveries;
            }
            return stale;
        } finally {
            settling.unlock();
        }
    }

    private long[] takeBack(List<RabbitDelivery> deliveries, List<RabbitDelivery> stale) {
        long[] tags = new long[deliveries.size()];
        int taken = 0;
        for (RabbitDelivery each : deliveries) {
            if (takeBack(each)) {
                tags[taken++] = each.tag();
            } else {
                stale.add(each);
            }
        }
        return java.util.Arrays.copyOf(tags, taken);
    }
}
