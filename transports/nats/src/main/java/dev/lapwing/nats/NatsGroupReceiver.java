// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;
import dev.lapwing.StartAt;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import io.nats.client.Message;
import io.nats.client.api.ConsumerInfo;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A member of a group: pulls from the group's durable consumer, and settles each message.
 *
 * <p>The server takes any acknowledgement of a message, also one of a member that has lost it. So
 * the lease is kept here too, a little shorter than the server's: who is late is told so and sends
 * nothing. {@link NatsOpen} has the lock below {@code calling}.
 */
final class NatsGroupReceiver extends NatsStreamReceiver {
    private static final System.Logger LOG = System.getLogger(NatsGroupReceiver.class.getName());

    private final ReceiverRequest request;
    private final NatsOpen open;
    private final NatsSettler settler;
    private final NatsUntried untried;
    private final List<NatsDelivery> unwanted = new ArrayList<>();
    private final String group;

    /** Opens a member; it is in force when this returns. */
    NatsGroupReceiver(
            NatsLink link,
            NatsStreams streams,
            ReceiverRequest request,
            ReceiverListener listener,
            Consumer<Receiver> onClose) {
        super(link, streams, request, listener, onClose);
        this.request = request;
        group = request.group().orElseThrow();
        ConsumerInfo consumer =
                consumers.group(stream, topics, group, request.start(), request.lease());
        open = new NatsOpen(request.lease().toNanos(), NatsConsumers.ackWait(consumer).toNanos());
        untried =
                new NatsUntried(
                        link,
                        streams,
                        stream,
                        consumer.getName()
                                + "."
                                + consumer.getCreationTime().toInstant().toEpochMilli());
        settler = new NatsSettler(link, open, untried);
        long look = Math.clamp(request.lease().toMillis() / 10, 10, 500);
        begin(consumer.getName(), this::look, look);
    }

    @Override
    public int take(List<Message> batch) {
        var deliveries = new ArrayList<NatsDelivery>(batch.size());
        for (Message message : batch) {
            deliveries.add(NatsDelivery.of(message));
        }
        calling.lock();
        try {
            int room = stopped ? 0 : (int) Math.min(deliveries.size(), pull.credit());
            keepBack(deliveries.subList(room, deliveries.size()));
            tellLost(
                    open.add(deliveries.subList(0, room)),
                    "the server has given the message again");
            hand(deliveries.subList(0, room));
            return room;
        } finally {
            calling.unlock();
        }
    }

    private void keepBack(List<NatsDelivery> deliveries) {
        if (stopped) {
            unwanted.addAll(deliveries);
        } else {
            settler.giveBack(deliveries);
        }
    }

    /** Hands over what is new now, and the rest when it is known how often it was tried. */
    private void hand(List<NatsDelivery> deliveries) {
        var fresh = new ArrayList<NatsDelivery>(deliveries.size());
        var again = new ArrayList<NatsDelivery>();
        for (NatsDelivery each : deliveries) {
            (each.isAgain() ? again : fresh).add(each);
        }
        deliver(fresh);
        if (!again.isEmpty()) {
            untried.look(again, () -> handAgain(again));
        }
    }

    private void handAgain(List<NatsDelivery> again) {
        calling.lock();
        try {
            // What was lost meanwhile was told as lost, and is not delivered any more.
            List<NatsDelivery> here = stopped ? List.of() : open.stillOpen(again);
            deliver(here);
            if (here.size() < again.size()) {
                pull.grant(again.size() - here.size());
            }
        } finally {
            calling.unlock();
        }
    }

    private void deliver(List<NatsDelivery> deliveries) {
        if (!deliveries.isEmpty()) {
            deliveries.forEach(each -> each.delivered = true);
            listener.deliver(deliveries);
        }
    }

    private void tellLost(Collection<NatsDelivery> lost, String reason) {
        List<NatsDelivery> known = lost.stream().filter(each -> each.delivered).toList();
        if (!known.isEmpty() && !closed) {
            listener.lost(known, reason);
        }
    }

    /** Looks after the leases, and whether the server still answers. */
    private void look() {
        try {
            List<NatsDelivery> late = open.late();
            if (!late.isEmpty()) {
                settler.giveBack(open.stillWaitedFor(late));
                calling.lock();
                try {
                    tellLost(late, "the lease of %s ran out".formatted(request.lease()));
                } finally {
                    calling.unlock();
                }
            }
            settler.renew();
            pull.watch();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "Leases of group " + group + " were not looked after", e);
        }
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        return settler.settle(settlement, deliveries);
    }

    @Override
    public void linkDown(String reason) {
        pull.pause();
        loseAll(reason);
    }

    private void loseAll(String reason) {
        calling.lock();
        try {
            tellLost(open.loseAll(), reason);
        } finally {
            calling.unlock();
        }
    }

    @Override
    public void linkUp() {
        if (closed) {
            return;
        }
        Optional<ConsumerInfo> consumer = consumers.find(stream, NatsNames.durable(group, topics));
        if (consumer.isEmpty() && isStreamNew()) {
            // The server came back without the stream, so that all that is in it is new.
            stream = streams.of(topics);
            streamMade = made(stream);
            consumer =
                    Optional.of(
                            consumers.group(
                                    stream, topics, group, StartAt.earliest(), request.lease()));
        }
        if (consumer.isEmpty()) {
            gone();
            return;
        }
        settler.giveBack(open.stillWaitedFor(open.takeLost()));
        if (!stopped) {
            pull.begin(stream, consumer.get().getName());
        }
    }

    private boolean isStreamNew() {
        return streams.info(stream)
                .map(info -> info.getCreateTime().isAfter(streamMade))
                .orElse(true);
    }

    @Override
    public void silent(String reason) {
        while (!closed && link.isUp()) {
            try {
                Optional<ConsumerInfo> consumer =
                        consumers.find(stream, NatsNames.durable(group, topics));
                if (consumer.isPresent()) {
                    pull.begin(stream, consumer.get().getName());
                } else {
                    gone();
                }
                return;
            } catch (LapwingException e) {
                LOG.log(Level.DEBUG, "The consumer of group " + group + " does not answer", e);
                NatsPauses.sleep(Duration.ofMillis(200));
            }
        }
    }

    private void gone() {
        end(
                new LapwingException(
                        "Group '%s' of '%s' was deleted in NATS; subscribe again to begin anew"
                                .formatted(group, topics)));
    }

    private void end(LapwingException cause) {
        stopped = true;
        loseAll(cause.getMessage());
        fail(cause);
    }

    @Override
    public void linkClosed(LapwingException reason) {
        end(reason);
    }

    /**
     * Ends asking. The consumer is looked up behind that, because servers before 2.10 take what is
     * given back for a question that nobody asks any more, and then lose their place for a while;
     * looking up sweeps such questions out.
     */
    @Override
    void endPull() {
        super.endPull();
        try {
            if (link.isUp()) {
                var unused = consumers.find(stream, NatsNames.durable(group, topics));
            }
        } catch (LapwingException e) {
            LOG.log(Level.DEBUG, "The consumer of group " + group + " does not answer", e);
        }
    }

    @Override
    void release() {
        settler.giveBackUntried(unwanted, PATIENCE);
    }
}
