// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.LapwingException;
import dev.lapwing.StartAt;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A member of a consumer group. Where a new group begins is found before it joins, and committed
 * for each partition the moment that it is assigned: so a crash before the first ack loses nothing.
 * Partitions of a group that is there already, and partitions that appear later, are read from
 * their beginning.
 */
final class KafkaGroupReceiver extends KafkaReceiver implements ConsumerRebalanceListener {

    private static final System.Logger LOG = System.getLogger(KafkaGroupReceiver.class.getName());
    private static final Duration JOIN_POLL = Duration.ofMillis(20);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration LONGEST_JOIN = Duration.ofSeconds(60);

    private final String group;
    private final KafkaCommits commits;
    private final KafkaGroups groups;
    private final Set<String> subscribed = new TreeSet<>();
    private Map<TopicPartition, Long> firstOffsets = Map.of();
    private boolean assigned;
    private boolean broken;

    KafkaGroupReceiver(
            KafkaLink link,
            KafkaTopics topics,
            ReceiverRequest request,
            ReceiverListener listener,
            Consumer<byte[], byte[]> consumer,
            java.util.function.Consumer<KafkaWatched> ended) {
        super(link, topics, request, listener, consumer, ended);
        group = request.group().orElseThrow();
        groups = new KafkaGroups(link, group);
        commits = new KafkaCommits(consumer);
    }

    @Override
    void open() {
        Map<String, Integer> found = topics.open(request.topics());
        Set<TopicPartition> partitions = KafkaTopics.partitions(found);
        boolean isNew =
                groups.committed().stream()
                        .noneMatch(
                                id -> request.topics().matches(topics.names().toTopic(id.topic())));
        firstOffsets = isNew ? starts.offsets(request.start(), partitions) : Map.of();
        subscribe(found.keySet());
        if (isReading()) {
            awaitAssigned();
        }
    }

    @Override
    void found(Map<String, Integer> found) {
        if (!subscribed.containsAll(found.keySet())) {
            subscribe(found.keySet());
        }
    }

    private void subscribe(Set<String> found) {
        subscribed.addAll(found);
        if (isReading()) {
            consumer.subscribe(subscribed, this);
        }
    }

    @Override
    boolean isReading() {
        return !subscribed.isEmpty();
    }

    /**
     * Polls until the group is at rest with this member in it, whether it has partitions or not.
     */
    private void awaitAssigned() {
        long begun = System.nanoTime();
        long longest = LONGEST_JOIN.plus(link.settings.sessionTimeout()).toNanos();
        var rest = groups.rest();
        while (!isClosing()) {
            waker().runTasks();
            poll(JOIN_POLL);
            long waited = System.nanoTime() - begun;
            boolean joined = assigned || consumer.groupMetadata().generationId() > 0;
            if (joined && (rest.has(consumer) || waited > ANSWER.toNanos())) {
                return;
            }
            if (waited > longest) {
                throw new ConnectionFailedException(
                        "Group '%s' at %s did not take this member within %d s; is the group stuck with members that are gone?"
                                .formatted(
                                        group,
                                        link.settings.shown(),
                                        Duration.ofNanos(waited).toSeconds()));
            }
        }
    }

    /**
     * The client never fetches from partitions whose taking over failed, and tells nobody; so the
     * member then leaves and joins again.
     */
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        assigned = true;
        if (!partitions.isEmpty()) {
            broken = true;
            waker().undisturbed(() -> takeOver(partitions));
            broken = false;
        }
    }

    @Override
    void mend() {
        if (broken) {
            lose(List.copyOf(held.owned.keySet()), "a partition could not be taken over");
            KafkaWaker.whole(() -> {
                consumer.unsubscribe();
                return true;
            });
            consumer.subscribe(subscribed, this);
            broken = false;
        }
    }

    private void takeOver(Collection<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> known =
                KafkaWaker.whole(() -> consumer.committed(Set.copyOf(partitions), ANSWER));
        var unknown = new ArrayList<TopicPartition>();
        for (TopicPartition id : partitions) {
            OffsetAndMetadata offset = known.get(id);
            held.own(id, offset == null ? 0 : offset.offset());
            if (offset == null) {
                unknown.add(id);
            }
        }
        begin(unknown);
        hold(partitions);
    }

    @Override
    void begin(Collection<TopicPartition> unknown) {
        if (unknown.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> beginnings = starts.offsets(StartAt.earliest(), unknown);
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        beginnings.forEach((id, beginning) -> {
            long first = Math.max(beginning, firstOffsets.getOrDefault(id, 0L));
            held.own(id, first);
            consumer.seek(id, first);
            offsets.put(id, new OffsetAndMetadata(first));
        });
        KafkaWaker.whole(() -> {
            consumer.commitSync(offsets, ANSWER);
            return true;
        });
    }

    /** Waits a little for what is at work, commits what is acked, and tells the rest as lost. */
    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        waker().undisturbed(() -> handOver(partitions));
    }

    private void handOver(Collection<TopicPartition> partitions) {
        long until = System.nanoTime() + link.settings.handover().toNanos();
        while (!isClosing() && isAtWork(partitions) && System.nanoTime() < until) {
            waker().rest(until - System.nanoTime());
            waker().runTasks();
        }
        waker().runTasks();
        commits.commitNow(held.owned.values());
        lose(partitions, "the partition was given to another member of group '" + group + "'");
    }

    private boolean isAtWork(Collection<TopicPartition> partitions) {
        for (TopicPartition id : partitions) {
            KafkaPartition partition = held.owned.get(id);
            if (partition != null && partition.hasOpen()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        lose(partitions, "this member was put out of group '" + group + "'");
    }

    private void lose(Collection<TopicPartition> partitions, String reason) {
        List<KafkaDelivery> lost = held.giveUp(partitions);
        if (!lost.isEmpty() && !isClosing()) {
            listener.lost(lost, reason);
        }
        commits.lost();
    }

    @Override
    void delivered(KafkaDelivery delivery) {
        delivery.owner.delivered(delivery);
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        if (!(settlement instanceof Settlement.Ack)) {
            return CompletableFuture.failedFuture(
                    new UnsupportedCapabilityException(
                            KafkaProvider.NAME,
                            dev.lapwing.Capability.GIVE_BACK,
                            "what is not acked when the receiver closes comes again"));
        }
        var acks = new KafkaAcks(deliveries);
        if (!execute(() -> commits.add(acks))) {
            acks.end();
        }
        return acks.report();
    }

    @Override
    boolean flush(boolean pollsOn) {
        return pollsOn
                ? commits.commit(held.owned.values())
                : commits.commitNow(held.owned.values());
    }

    @Override
    void leave() {
        if (!commits.commitNow(held.owned.values())) {
            commits.fail(
                    new LapwingException(
                            "The connection to %s ended before it confirmed what was acked in group '%s'; it may come again"
                                    .formatted(link.settings.shown(), group)));
        }
    }

    @Override
    void left() {
        commits.lost();
    }

    static void logged(KafkaException e) {
        LOG.log(Level.DEBUG, "Offsets are not committed yet", e);
    }
}
