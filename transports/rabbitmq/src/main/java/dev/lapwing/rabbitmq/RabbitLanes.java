// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.BlockedListener;

import dev.lapwing.LapwingException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The channels of a link that publish. The messages of one topic go over the same one, so that they
 * keep their order.
 */
final class RabbitLanes implements RabbitLink.Resident {
    private static final System.Logger LOG = System.getLogger(RabbitLanes.class.getName());
    private static final long SHORTEST_WATCH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_PREPARATIONS = 10_000;

    private final RabbitLink link;
    private final RabbitTopology topology;
    private final List<RabbitLane> lanes = new ArrayList<>();
    private final List<RabbitLane> guests = new CopyOnWriteArrayList<>();

    /** Topics whose queue has to be there before the first message, and is being made or there. */
    private final Map<String, RabbitPreparation> preparations = new ConcurrentHashMap<>();

    private volatile boolean blocked;

    /**
     * Declares the exchange and opens all channels.
     *
     * @throws LapwingException if the broker refuses
     */
    RabbitLanes(RabbitLink link) {
        this.link = link;
        topology = new RabbitTopology(link.settings());
        for (int at = 0; at < link.settings().channels(); at++) {
            lanes.add(new RabbitLane(link, this::isBlocked, channel -> {}, back -> {}));
        }
        link.with(
                topology.exchangeName(),
                this,
                up -> {
                    topology.declareExchange(up);
                    open(up);
                    return this;
                });
    }

    @Override
    public void restore(RabbitWires up) throws IOException {
        preparations.clear();
        try {
            topology.declareExchange(up);
        } catch (IOException e) {
            if (!RabbitErrors.isFinal(e)) {
                throw e;
            }
            LapwingException told = RabbitErrors.using(link.settings(), topology.exchangeName(), e);
            LOG.log(Level.ERROR, told.getMessage());
        }
    }

    @Override
    public void restored(RabbitWires up) throws IOException {
        open(up);
    }

    private void open(RabbitWires up) throws IOException {
        blocked = false;
        up.publishing().addBlockedListener(new Alarm(up));
        for (RabbitLane lane : lanes) {
            lane.open(up);
        }
    }

    /** Told by the reading thread when RabbitMQ blocks publishers. */
    private final class Alarm implements BlockedListener {
        private final RabbitWires wires;

        Alarm(RabbitWires wires) {
            this.wires = wires;
        }

        @Override
        public void handleBlocked(String reason) {
            LOG.log(
                    Level.WARNING,
                    "{0} blocks publishers, {1}; what is published waits",
                    link.settings().broker(),
                    reason);
            blocked = true;
            watchLater();
        }

        private void watchLater() {
            long nanos = Math.max(SHORTEST_WATCH_NANOS, link.settings().blockedTimeout().toNanos());
            CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS)
                    .execute(() -> watch(nanos));
        }

        /** Gives the link up where a message is half written: its publisher waits in the write. */
        private void watch(long nanos) {
            if (!blocked || !wires.isUp()) {
                return;
            }
            if (everyLane().stream().anyMatch(lane -> lane.isStuck(nanos))) {
                wires.broke(new IOException("publishers are blocked in the middle of a message"));
            } else {
                watchLater();
            }
        }

        @Override
        public void handleUnblocked() {
            LOG.log(Level.INFO, "{0} takes messages again", link.settings().broker());
            blocked = false;
            Thread.ofVirtual().start(RabbitLanes.this::sendWaiting);
        }
    }

    private void sendWaiting() {
        everyLane().forEach(RabbitLane::sendWaiting);
    }

    private List<RabbitLane> everyLane() {
        var all = new ArrayList<>(lanes);
        all.addAll(guests);
        return all;
    }

    boolean isBlocked() {
        return blocked;
    }

    /** A lane of somebody else that waits while publishers are blocked, as these do. */
    void join(RabbitLane guest) {
        guests.add(guest);
    }

    void leave(RabbitLane guest) {
        guests.remove(guest);
    }

    /** The lane that a topic uses. */
    RabbitLane laneOf(String topic) {
        int hash = topic.hashCode();
        return lanes.get(Math.floorMod(hash ^ (hash >>> 16), lanes.size()));
    }

    /** Where messages of a topic wait until its queue is there; null if they need not. */
    @Nullable RabbitPreparation preparation(String topic) {
        if (!topology.needsQueueFirst(topic)) {
            return null;
        }
        if (preparations.size() >= MOST_PREPARATIONS) {
            // A topic that is forgotten is asked for again.
            preparations.values().removeIf(RabbitPreparation::isDone);
        }
        return preparations.computeIfAbsent(
                topic, any -> new RabbitPreparation(() -> prepare(topic)));
    }

    private void prepare(String topic) {
        try {
            link.with(
                    "the queue of topic '%s'".formatted(topic),
                    up -> {
                        topology.prepare(up, topic);
                        return topic;
                    });
        } catch (RuntimeException e) {
            preparations.remove(topic);
            throw e;
        }
    }

    RabbitTopology topology() {
        return topology;
    }

    void close() {
        link.leave(this);
        lanes.forEach(RabbitLane::close);
    }
}
