// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.Position;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import io.nats.client.Message;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.StreamInfo;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A receiver without a group: reads a stream in order, through a consumer that is made anew behind
 * the last message whenever the link broke, the consumer is gone, or a message is missing between
 * two. {@code calling} is also held where the place is changed.
 */
final class NatsSoloReceiver extends NatsStreamReceiver {
    private static final System.Logger LOG = System.getLogger(NatsSoloReceiver.class.getName());

    /** The consumer's name, and what it has delivered. Owned by {@link #calling}. */
    private String consumer;

    private long consumed;
    private long last;

    /** Opens a receiver; it is in force when this returns. */
    NatsSoloReceiver(
            NatsLink link,
            NatsStreams streams,
            ReceiverRequest request,
            ReceiverListener listener,
            Consumer<Receiver> onClose) {
        super(link, streams, request, listener, onClose);
        ConsumerInfo made = consumers.alone(stream, topics, request.start());
        consumer = made.getName();
        last = made.getDelivered().getStreamSequence();
        begin(consumer, pull::watch, 1_000);
    }

    @Override
    public int take(List<Message> batch) {
        calling.lock();
        try {
            List<NatsDelivery> taken = inOrder(batch);
            if (!taken.isEmpty()) {
                listener.deliver(taken);
            }
            return taken.size();
        } finally {
            calling.unlock();
        }
    }

    /** What comes next without a hole; behind a hole the place is found again. */
    private List<NatsDelivery> inOrder(List<Message> batch) {
        var taken = new ArrayList<NatsDelivery>(batch.size());
        long room = stopped ? 0 : pull.credit();
        for (Message message : batch) {
            NatsDelivery delivery = NatsDelivery.of(message);
            if (taken.isEmpty() && !delivery.ack.contains("." + consumer + ".")) {
                return taken;
            }
            if (taken.size() >= room) {
                return taken;
            }
            if (delivery.consumerSequence != consumed + 1) {
                silent("a message is missing");
                return taken;
            }
            consumed++;
            last = delivery.sequence;
            taken.add(delivery);
        }
        return taken;
    }

    @Override
    public void silent(String reason) {
        LOG.log(Level.DEBUG, "A reader of {0} finds its place again: {1}", topics, reason);
        Thread.ofVirtual()
                .name("lapwing-nats-reader")
                .start(() -> {
                    while (!closed && !stopped && link.isUp()) {
                        try {
                            resume();
                            return;
                        } catch (LapwingException e) {
                            LOG.log(Level.DEBUG, "The place in " + topics + " is not found yet", e);
                            NatsPauses.sleep(Duration.ofMillis(200));
                        }
                    }
                });
    }

    private void resume() {
        pull.pause();
        calling.lock();
        try {
            String before = consumer;
            Optional<StreamInfo> info = streams.info(stream);
            if (info.isEmpty() || info.get().getCreateTime().isAfter(streamMade)) {
                stream = streams.of(topics);
                info = streams.info(stream);
                streamMade = info.map(StreamInfo::getCreateTime).orElse(streamMade);
                last = 0;
            }
            long first = info.map(known -> known.getStreamState().getFirstSequence()).orElse(0L);
            if (last > 0 && first > last + 1) {
                gap(first);
            }
            StartAt behind =
                    last == 0 ? StartAt.earliest() : StartAt.after(NatsDelivery.position(last));
            consumer = consumers.alone(stream, topics, behind).getName();
            consumed = 0;
            pull.begin(stream, consumer);
            consumers.delete(stream, before);
        } finally {
            calling.unlock();
        }
    }

    private void gap(long first) {
        Optional<Position> after = Optional.of(NatsDelivery.position(last));
        listener.gap(
                new Gap(
                        topics,
                        after,
                        -1,
                        "the messages of stream '%s' before %d were removed before they were read"
                                .formatted(stream, first)));
        last = first - 1;
    }

    @Override
    public void linkDown(String reason) {
        pull.pause();
    }

    @Override
    public void linkUp() {
        if (!closed && !stopped) {
            resume();
        }
    }

    /** Nothing comes again to a receiver without a group, so that there is nothing to settle. */
    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return CompletableFuture.completedFuture(SettleReport.allUnconfirmed());
    }

    @Override
    void release() {
        if (link.isUp()) {
            try {
                consumers.delete(stream, consumer);
            } catch (LapwingException e) {
                LOG.log(Level.DEBUG, "A consumer is left to be forgotten", e);
            }
        }
    }
}
