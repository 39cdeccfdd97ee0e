// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;
import dev.lapwing.spi.Settlement;

import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One consumer of a share group and the thread that alone touches it. Kafka's client takes nothing
 * new before all that it holds is settled; so a hand takes a few records at a time, and a receiver
 * has several hands. What a hand holds it renews, as long as each record's lease goes.
 */
final class KafkaShareHand {

    private static final System.Logger LOG = System.getLogger(KafkaShareHand.class.getName());

    /**
     * Long, because the client fetches once too often when a call begins in the moment that the
     * answer to the call before comes in: what it gets then waits until this batch is settled.
     */
    private static final Duration POLL = Duration.ofSeconds(1);

    private static final Duration CONFIRM = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final long REST_NANOS = 250_000_000;
    private static final long FAILURE_REST_NANOS = 100_000_000;

    private record Marked(
            KafkaShareDelivery delivery, AcknowledgeType how, KafkaShareSettle settle) {}

    private final KafkaShareReceiver receiver;
    private final KafkaClients clients;

    /** How many records it takes at once. */
    private final int size;

    private final KafkaWaker waker = new KafkaWaker(() -> {});
    private final Set<KafkaShareDelivery> open = new LinkedHashSet<>();
    private final List<Marked> marked = new ArrayList<>();
    private Set<String> subscribed = Set.of();
    private long renewedAt;
    private volatile boolean free = true;
    private volatile boolean retired;
    private volatile @Nullable ShareConsumer<byte[], byte[]> polling;

    KafkaShareHand(KafkaShareReceiver receiver, KafkaClients clients, int size) {
        this.receiver = receiver;
        this.clients = clients;
        this.size = size;
    }

    int size() {
        return size;
    }

    void start(String name, Set<String> topics) {
        subscribed = topics;
        Thread.ofPlatform().name(name).daemon(true).start(this::run);
    }

    /** Whether it holds nothing, so that it can take more. */
    boolean isFree() {
        return free;
    }

    void wake() {
        waker.wake();
    }

    /** Ends it, now that the receiver is closing, also in the middle of a poll. */
    void close() {
        ShareConsumer<byte[], byte[]> consumer = polling;
        if (consumer != null) {
            consumer.wakeup();
        }
        wake();
    }

    /** Ends it when it holds nothing, although the receiver goes on. */
    void retire() {
        retired = true;
        wake();
    }

    boolean isOwn(Thread thread) {
        return waker.isOwn(thread);
    }

    /** Reads these topics from now on; runs on any thread. */
    void subscribe(Set<String> topics) {
        waker.execute(() -> subscribed = topics);
    }

    /** Settles deliveries of this hand; runs on any thread. */
    void settle(Settlement how, List<KafkaShareDelivery> deliveries, KafkaShareSettle settle) {
        if (!waker.execute(() -> mark(how, deliveries, settle))) {
            settle.stale(deliveries);
        }
    }

    private void mark(
            Settlement how, List<KafkaShareDelivery> deliveries, KafkaShareSettle settle) {
        for (KafkaShareDelivery delivery : deliveries) {
            if (!open.contains(delivery)) {
                settle.stale(List.of(delivery));
            } else if (how instanceof Settlement.Extend extend) {
                delivery.extend(System.nanoTime() + extend.lease().toNanos());
                settle.confirmed(1);
            } else {
                open.remove(delivery);
                marked.add(
                        new Marked(
                                delivery,
                                how instanceof Settlement.Ack
                                        ? AcknowledgeType.ACCEPT
                                        : AcknowledgeType.RELEASE,
                                settle));
            }
        }
    }

    private void run() {
        waker.begin();
        try (var consumer = clients.shareMember(receiver.group(), size)) {
            try {
                while (!receiver.isClosing() && !(retired && open.isEmpty())) {
                    step(consumer);
                }
            } finally {
                quietly(waker::runTasks);
                quietly(() -> confirm(consumer));
                quietly(() -> consumer.close(CLOSE));
            }
        } catch (RuntimeException e) {
            receiver.failed(e);
        } finally {
            waker.end();
            LapwingException cause = receiver.unconfirmed();
            marked.forEach(each -> each.settle().unknown(1, cause));
            open.clear();
            receiver.ended(this);
        }
    }

    private void step(ShareConsumer<byte[], byte[]> consumer) {
        waker.runTasks();
        if (!subscribed.equals(consumer.subscription())) {
            consumer.subscribe(subscribed);
        }
        confirm(consumer);
        giveUpWhatIsOver(consumer);
        renew(consumer);
        free = open.isEmpty();
        if (free && !subscribed.isEmpty() && receiver.takesTurn(this)) {
            poll(consumer);
        } else {
            receiver.growIfBusy();
            waker.rest(restNanos());
        }
    }

    private long restNanos() {
        if (open.isEmpty()) {
            return REST_NANOS;
        }
        long now = System.nanoTime();
        long wait = renewedAt + receiver.renewNanos() - now;
        for (KafkaShareDelivery delivery : open) {
            wait = Math.min(wait, delivery.leaseEnd() - now);
        }
        return Math.clamp(wait, 1_000_000, REST_NANOS);
    }

    private void poll(ShareConsumer<byte[], byte[]> consumer) {
        var taken = new ArrayList<KafkaShareDelivery>();
        try {
            for (ConsumerRecord<byte[], byte[]> each : fetched(consumer)) {
                taken.add(receiver.delivery(this, each));
            }
        } catch (AuthorizationException | AuthenticationException | UnsupportedVersionException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.log(Level.DEBUG, "Reading fails for now", e);
            waker.rest(FAILURE_REST_NANOS);
        }
        renewedAt = System.nanoTime();
        free = taken.isEmpty();
        open.addAll(taken);
        if (!receiver.deliver(this, taken)) {
            open.clear();
            release(taken);
        }
    }

    /** A wake that comes too late for the poll ends no more than the release of what it fetched. */
    private ConsumerRecords<byte[], byte[]> fetched(ShareConsumer<byte[], byte[]> consumer) {
        polling = consumer;
        try {
            return receiver.isClosing() ? ConsumerRecords.empty() : consumer.poll(POLL);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } finally {
            polling = null;
        }
    }

    private void release(List<KafkaShareDelivery> deliveries) {
        var settle = new KafkaShareSettle(deliveries.size());
        deliveries.forEach(each -> marked.add(new Marked(each, AcknowledgeType.RELEASE, settle)));
    }

    private void giveUpWhatIsOver(ShareConsumer<byte[], byte[]> consumer) {
        long now = System.nanoTime();
        List<KafkaShareDelivery> over = open.stream().filter(each -> each.isOver(now)).toList();
        if (!over.isEmpty()) {
            over.forEach(open::remove);
            release(over);
            receiver.lost(over, "the lease ran out");
            confirm(consumer);
        }
    }

    /** Sends what is marked, and answers when the broker has confirmed it. */
    private void confirm(ShareConsumer<byte[], byte[]> consumer) {
        if (marked.isEmpty()) {
            return;
        }
        List<Marked> sent = List.copyOf(marked);
        marked.clear();
        Map<TopicPartition, Outcome> outcomes =
                send(
                        consumer,
                        sent.stream().map(each -> Map.entry(each.delivery(), each.how())).toList());
        var stale = new ArrayList<KafkaShareDelivery>();
        for (Marked each : sent) {
            switch (outcomes.getOrDefault(partition(each.delivery()), Outcome.STALE)) {
                case CONFIRMED -> each.settle().confirmed(1);
                case STALE -> {
                    stale.add(each.delivery());
                    each.settle().stale(List.of(each.delivery()));
                }
                case UNKNOWN -> each.settle().unknown(1, receiver.unconfirmed());
            }
        }
        if (!stale.isEmpty()) {
            receiver.lost(stale, "the broker has taken it back");
        }
    }

    private enum Outcome {
        CONFIRMED,
        STALE,
        UNKNOWN
    }

    private static TopicPartition partition(KafkaShareDelivery delivery) {
        return new TopicPartition(delivery.source.topic(), delivery.source.partition());
    }

    private static Map<TopicPartition, Outcome> send(
            ShareConsumer<byte[], byte[]> consumer,
            List<Map.Entry<KafkaShareDelivery, AcknowledgeType>> acknowledgements) {
        var outcomes = new HashMap<TopicPartition, Outcome>();
        for (var each : acknowledgements) {
            try {
                consumer.acknowledge(each.getKey().source, each.getValue());
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "The client no longer has " + each.getKey(), e);
            }
        }
        Map<TopicIdPartition, Optional<KafkaException>> answers = consumer.commitSync(CONFIRM);
        answers.forEach((id, failure) ->
                outcomes.put(
                        id.topicPartition(),
                        failure.map(KafkaShareHand::outcome).orElse(Outcome.CONFIRMED)));
        return outcomes;
    }

    /** What the broker has refused is not ours; what it has not answered may be settled. */
    private static Outcome outcome(KafkaException failure) {
        LOG.log(Level.DEBUG, "An acknowledgement failed", failure);
        return switch (failure) {
            case org.apache.kafka.common.errors.TimeoutException e -> Outcome.UNKNOWN;
            case org.apache.kafka.common.errors.DisconnectException e -> Outcome.UNKNOWN;
            default -> Outcome.STALE;
        };
    }

    /** The client gives what it has renewed back to a poll, which fetches nothing meanwhile. */
    private void renew(ShareConsumer<byte[], byte[]> consumer) {
        if (open.isEmpty() || System.nanoTime() - renewedAt < receiver.renewNanos()) {
            return;
        }
        renewedAt = System.nanoTime();
        Map<TopicPartition, Outcome> outcomes =
                send(
                        consumer,
                        open.stream().map(each -> Map.entry(each, AcknowledgeType.RENEW)).toList());
        var kept = new HashSet<String>();
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ZERO)) {
            kept.add(KafkaShareDelivery.name(each));
        }
        List<KafkaShareDelivery> lost =
                open.stream()
                        .filter(each ->
                                outcomes.get(partition(each)) != Outcome.CONFIRMED
                                        || !kept.contains(each.toString()))
                        .toList();
        if (!lost.isEmpty()) {
            lost.forEach(open::remove);
            receiver.lost(lost, "the lease could not be renewed");
        }
    }

    private static void quietly(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "A part of closing failed", e);
        }
    }
}
