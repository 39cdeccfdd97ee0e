// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Capability;
import dev.lapwing.LapwingException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A receiver in a share group: several {@linkplain KafkaShareHand hands}, made as they are needed,
 * up to sixteen. A hand fetches only when there is credit for all that it may get, because whatever
 * is fetched is kept from the other members. A topic of one partition is read by one hand at a
 * time, so that its messages come in order; of more partitions each hand has its own.
 */
final class KafkaShareReceiver implements Receiver, KafkaWatched {

    private static final int LARGEST_HAND = 500;
    private static final int MOST_HANDS = 16;
    private static final long BUSY_NANOS = 100_000_000;

    private final KafkaLink link;
    private final KafkaTopics topics;
    private final ReceiverRequest request;
    private final ReceiverListener listener;
    private final KafkaClients clients;
    private final Consumer<KafkaWatched> end;
    private final KafkaShareGroup group;
    private final String name;
    private final List<KafkaShareHand> hands = new CopyOnWriteArrayList<>();

    /** The hands that have not ended, and the receiver until it closes. */
    private final AtomicInteger running = new AtomicInteger(1);

    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private final AtomicLong credit = new AtomicLong();
    private final AtomicReference<@Nullable KafkaShareHand> turn = new AtomicReference<>();
    private final AtomicBoolean growing = new AtomicBoolean();
    private final AtomicBoolean failed = new AtomicBoolean();

    /** Held while the listener is called, and when the receiver begins to stop or to close. */
    private final ReentrantLock calling = new ReentrantLock();

    private volatile Map<String, Integer> found = Map.of();
    private volatile long freeAt = System.nanoTime();
    private volatile boolean stopped;
    private volatile boolean closing;

    KafkaShareReceiver(
            KafkaLink link,
            KafkaTopics topics,
            ReceiverRequest request,
            ReceiverListener listener,
            KafkaClients clients,
            Consumer<KafkaWatched> end) {
        this.link = link;
        this.topics = topics;
        this.request = request;
        this.listener = listener;
        this.end = end;
        name = request.group().orElseThrow();
        this.clients = clients;
        group = new KafkaShareGroup(link, topics, request);
    }

    /** Makes the group if it is new: from then on it misses nothing, with hands or without. */
    KafkaShareReceiver start() {
        try {
            found = topics.open(request.topics());
            group.open(found);
            return this;
        } catch (RuntimeException e) {
            close();
            throw link.errors.told(
                    e, "subscribing to '%s' in group '%s'".formatted(request.topics(), name));
        }
    }

    /** The name of the group at the broker. */
    String group() {
        return group.name();
    }

    @Override
    public ReceiverRequest request() {
        return request;
    }

    @Override
    public void look(Map<String, Integer> there) {
        found = there;
        hands.forEach(each -> each.subscribe(Set.copyOf(there.keySet())));
    }

    @Override
    public void topicIsGone() {
        failed(
                new LapwingException(
                        "Topic '%s' was deleted; subscribe again to begin anew"
                                .formatted(request.topics())));
    }

    /**
     * Adds a hand, if there is credit and none can take it, or too few have been free for a while.
     * The broker spreads the hands evenly over the partitions and does not know which hand is busy;
     * so there are enough only when the busy ones could not fill the share of any partition.
     */
    void growIfBusy() {
        long room = credit.get();
        long fit = hands.stream().filter(each -> each.isFree() && each.size() <= room).count();
        boolean free = hands.isEmpty() || hands.stream().anyMatch(KafkaShareHand::isFree);
        long busy = hands.size() - fit;
        if (fit > 0 && hands.size() >= partitions() * (busy + 1)) {
            freeAt = System.nanoTime();
        } else if (room > 0
                && (fit == 0 && free || System.nanoTime() - freeAt > BUSY_NANOS)
                && growing.compareAndSet(false, true)) {
            try {
                grow((int) Math.min(room, mostAtOnce()));
            } finally {
                growing.set(false);
            }
        }
    }

    /**
     * Where several hands fetch at a time, all of them together fit into half the credit: none
     * waits for what the others keep for themselves.
     */
    private int mostAtOnce() {
        int parts = isInOrder() ? 4 : 2 * MOST_HANDS;
        return Math.clamp(request.credit() / parts, 1, LARGEST_HAND);
    }

    private void grow(int size) {
        calling.lock();
        try {
            if (hands.size() == MOST_HANDS) {
                hands.stream()
                        .filter(each -> each.isFree() && each.size() > size)
                        .findFirst()
                        .ifPresent(KafkaShareHand::retire);
            } else if (!closing && !stopped) {
                var hand = new KafkaShareHand(this, clients, size);
                running.incrementAndGet();
                hands.add(hand);
                hand.start("lapwing-kafka-" + request.topics(), Set.copyOf(found.keySet()));
                freeAt = System.nanoTime();
            }
        } finally {
            calling.unlock();
        }
    }

    private int partitions() {
        return Math.max(1, found.values().stream().mapToInt(Integer::intValue).sum());
    }

    /** Whether a hand that is free may fetch now; what it may get is taken from the credit. */
    boolean takesTurn(KafkaShareHand hand) {
        boolean its = !isInOrder() || turn.get() == hand || turn.compareAndSet(null, hand);
        if (its && !stopped && take(hand.size())) {
            return true;
        }
        passOn(hand);
        return false;
    }

    private boolean take(int wanted) {
        long room = credit.get();
        while (room >= wanted) {
            if (credit.compareAndSet(room, room - wanted)) {
                return true;
            }
            room = credit.get();
        }
        return false;
    }

    private void passOn(KafkaShareHand hand) {
        if (turn.compareAndSet(hand, null)) {
            hands.stream().filter(each -> each != hand).forEach(KafkaShareHand::wake);
        }
    }

    private boolean isInOrder() {
        return partitions() == 1;
    }

    KafkaShareDelivery delivery(KafkaShareHand hand, ConsumerRecord<byte[], byte[]> source) {
        return new KafkaShareDelivery(
                hand, topics.names().toTopic(source.topic()), source, group.lastDelivery());
    }

    /** Delivers what a hand has fetched in its turn; false if nothing is delivered any more. */
    boolean deliver(KafkaShareHand hand, List<KafkaShareDelivery> batch) {
        credit.addAndGet(hand.size() - batch.size());
        if (batch.isEmpty()) {
            return true;
        }
        calling.lock();
        try {
            if (stopped || closing) {
                return false;
            }
            long until = System.nanoTime() + request.lease().toNanos();
            batch.forEach(each -> each.extend(until));
            listener.deliver(batch);
            return true;
        } finally {
            calling.unlock();
            passOn(hand);
        }
    }

    void lost(List<KafkaShareDelivery> deliveries, String reason) {
        calling.lock();
        try {
            if (!closing) {
                listener.lost(deliveries, reason);
            }
        } finally {
            calling.unlock();
        }
    }

    LapwingException unconfirmed() {
        return new LapwingException(
                "The connection to %s ended before it confirmed what was settled in group '%s'; it may come again"
                        .formatted(link.settings.shown(), name));
    }

    void failed(RuntimeException cause) {
        if (!closing && failed.compareAndSet(false, true)) {
            listener.failed(
                    link.errors.told(
                            cause, "reading '%s' in group '%s'".formatted(request.topics(), name)));
        }
    }

    void ended(KafkaShareHand hand) {
        hands.remove(hand);
        passOn(hand);
        ended();
    }

    private void ended() {
        if (running.decrementAndGet() == 0) {
            end.accept(this);
            finished.complete(null);
        }
    }

    boolean isClosing() {
        return closing;
    }

    boolean isStopped() {
        return stopped;
    }

    long renewNanos() {
        return group.lockNanos() / 3;
    }

    @Override
    public void grant(int deliveries) {
        credit.addAndGet(deliveries);
        growIfBusy();
        hands.forEach(KafkaShareHand::wake);
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        if (settlement instanceof Settlement.Reject) {
            return refused(Capability.DEAD_LETTERS);
        }
        if (settlement instanceof Settlement.GiveBack back && !back.pause().isZero()) {
            return refused(Capability.GIVE_BACK_LATER);
        }
        var settle = new KafkaShareSettle(deliveries.size());
        var byHand = new HashMap<KafkaShareHand, List<KafkaShareDelivery>>();
        for (Received each : deliveries) {
            var delivery = (KafkaShareDelivery) each;
            byHand.computeIfAbsent(delivery.owner, any -> new ArrayList<>()).add(delivery);
        }
        byHand.forEach((hand, part) -> hand.settle(settlement, part, settle));
        return settle.report();
    }

    private static CompletableFuture<SettleReport> refused(Capability capability) {
        return CompletableFuture.failedFuture(
                new UnsupportedCapabilityException(
                        KafkaProvider.NAME,
                        capability,
                        KafkaCapabilities.SHARE.entry(capability).note()));
    }

    @Override
    public CompletableFuture<Void> stop() {
        calling.lock();
        try {
            stopped = true;
        } finally {
            calling.unlock();
        }
        hands.forEach(KafkaShareHand::wake);
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        boolean first;
        calling.lock();
        try {
            first = !closing;
            closing = true;
        } finally {
            calling.unlock();
        }
        if (first) {
            ended();
        }
        hands.forEach(KafkaShareHand::close);
        Thread caller = Thread.currentThread();
        if (hands.stream().noneMatch(each -> each.isOwn(caller))) {
            finished.join();
        }
    }
}
