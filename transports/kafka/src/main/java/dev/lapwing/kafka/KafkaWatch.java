// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks for topics and partitions that appear, and for topics that go, as long as there are
 * receivers. One virtual thread.
 */
final class KafkaWatch implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(KafkaWatch.class.getName());

    /** How long a topic must be missing: a broker that starts does not know its topics at once. */
    private static final long GONE_NANOS = 10_000_000_000L;

    private final KafkaTopics topics;
    private final long everyNanos;
    private final Set<KafkaWatched> receivers = ConcurrentHashMap.newKeySet();
    private final Map<KafkaWatched, Long> missingSince = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    KafkaWatch(KafkaTopics topics, KafkaSettings settings) {
        this.topics = topics;
        everyNanos = settings.refresh().toNanos();
        thread = Thread.ofVirtual().name("lapwing-kafka-watch").start(this::run);
    }

    void add(KafkaWatched receiver) {
        receivers.add(receiver);
    }

    void remove(KafkaWatched receiver) {
        receivers.remove(receiver);
        missingSince.remove(receiver);
    }

    Set<KafkaWatched> receivers() {
        return Set.copyOf(receivers);
    }

    /** A topic was made here: whoever wants it need not wait. */
    void appeared(String topic) {
        boolean wanted =
                receivers.stream()
                        .anyMatch(each ->
                                each.request().topics().isPattern()
                                        && each.request().topics().matches(topic));
        if (wanted) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        while (!closed) {
            LockSupport.parkNanos(everyNanos);
            for (KafkaWatched receiver : receivers) {
                try {
                    look(receiver);
                } catch (LapwingException e) {
                    LOG.log(Level.DEBUG, "Looking for new topics fails for now", e);
                }
            }
        }
    }

    private void look(KafkaWatched receiver) {
        Map<String, Integer> found = topics.matching(receiver.request().topics());
        if (found.isEmpty() && !receiver.request().topics().isPattern()) {
            long now = System.nanoTime();
            long since = missingSince.computeIfAbsent(receiver, any -> now);
            if (now - since > GONE_NANOS) {
                receiver.topicIsGone();
            }
        } else {
            missingSince.remove(receiver);
            receiver.look(found);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
