// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The way of one topic's messages into the producer. As long as the producer takes them they go
 * straight in on the caller's thread; otherwise they wait here, in order, for one virtual thread
 * that makes the topic and tries until the delivery time-out. Safe for use by many threads; its
 * lock is not held while anything is called but the producer.
 */
final class KafkaLane {

    private static final long TRY_AGAIN_NANOS = 2_000_000;
    private static final long COUNT_AGAIN_NANOS = 5_000_000_000L;

    /** A message that waits, and since when. */
    private record Waiting(SendRequest request, long since) {}

    private final String topic;
    private final String kafkaTopic;
    private final Producer<byte[], byte[]> producer;
    private final KafkaTopics topics;
    private final KafkaLink link;
    private final Runnable made;
    private final AtomicInteger turn = new AtomicInteger();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final long patienceNanos;

    /** Whether messages have to queue up; changes under the lock, true as long as one waits. */
    private volatile boolean queueing = true;

    private volatile boolean known;
    private volatile boolean closed;
    private volatile int partitions = 1;
    private volatile long countedAt;
    private @Nullable Thread feeder;

    KafkaLane(
            String topic,
            Producer<byte[], byte[]> producer,
            KafkaTopics topics,
            KafkaLink link,
            Runnable made) {
        this.topic = topic;
        this.producer = producer;
        this.topics = topics;
        this.link = link;
        this.made = made;
        kafkaTopic = topics.names().toKafka(topic);
        patienceNanos = link.settings.deliveryTimeout().toNanos();
    }

    void send(SendRequest request) {
        if (queueing || !offer(request)) {
            queue(request);
        }
    }

    private void queue(SendRequest request) {
        synchronized (this) {
            if (!closed) {
                queueing = true;
                waiting.addLast(new Waiting(request, System.nanoTime()));
                if (feeder == null) {
                    feeder = Thread.ofVirtual().name("lapwing-kafka-lane").start(this::feed);
                }
                return;
            }
        }
        request.complete(new PublishResult.Unknown("the connection was closed"));
    }

    /** Hands a message to the producer; false if it cannot take it now. */
    private boolean offer(SendRequest request) {
        Message message = request.message();
        Integer partition = message.key().isPresent() ? null : nextPartition();
        var result = new KafkaSend(this, request);
        try {
            result.offering = Thread.currentThread();
            producer.send(KafkaMessages.toRecord(message, kafkaTopic, partition), result);
        } catch (InterruptException e) {
            return false;
        } catch (IllegalStateException | KafkaException e) {
            request.complete(new PublishResult.Unknown("the producer failed: " + e.getMessage()));
        } finally {
            result.offering = null;
        }
        return !result.notTaken;
    }

    /** Messages without a key go round, so that every member of a group has some. */
    private int nextPartition() {
        long now = System.nanoTime();
        if (now - countedAt > COUNT_AGAIN_NANOS) {
            countedAt = now;
            count();
        }
        return Integer.remainderUnsigned(turn.getAndIncrement(), partitions);
    }

    private boolean count() {
        try {
            partitions = producer.partitionsFor(kafkaTopic).size();
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** What a send that has ended says about the topic. */
    void ended(@Nullable Exception failure) {
        if (failure instanceof UnknownTopicOrPartitionException
                || failure instanceof UnknownTopicIdException) {
            retire();
        }
        if (failure != null) {
            link.suspect();
        }
    }

    PublishResult result(Exception failure) {
        return KafkaErrors.result(topic, failure);
    }

    /** Makes the topic again before the next message; true if nothing waits here. */
    synchronized boolean retire() {
        known = false;
        queueing = true;
        return waiting.isEmpty();
    }

    private void feed() {
        for (Waiting next = take(); next != null; next = take()) {
            PublishResult end = feed(next);
            if (end != null) {
                next.request().complete(end);
            }
        }
    }

    private synchronized @Nullable Waiting take() {
        Waiting next = waiting.pollFirst();
        if (next == null) {
            feeder = null;
            queueing = !known || closed;
        }
        return next;
    }

    /** Tries until the producer has it, or gives up with a result. */
    private @Nullable PublishResult feed(Waiting next) {
        while (true) {
            try {
                if (ready() && offer(next.request())) {
                    return null;
                }
            } catch (LapwingException e) {
                link.suspect();
                PublishResult end = KafkaErrors.result(topic, e);
                takeAll().forEach(each -> each.request().complete(end));
                return end;
            } catch (KafkaException e) {
                return KafkaErrors.result(topic, e);
            }
            if (closed) {
                return new PublishResult.Unknown("the connection was closed");
            }
            if (System.nanoTime() - next.since() > patienceNanos) {
                return tooLate();
            }
            LockSupport.parkNanos(TRY_AGAIN_NANOS);
        }
    }

    private boolean ready() {
        if (!known) {
            topics.ensure(topic);
            known = true;
            made.run();
        }
        return count();
    }

    private PublishResult tooLate() {
        return KafkaErrors.refused(
                "the producer had no room, or topic '%s' no leader, within %s"
                        .formatted(topic, link.settings.deliveryTimeout()),
                true);
    }

    private synchronized List<Waiting> takeAll() {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    void close() {
        synchronized (this) {
            closed = true;
            queueing = true;
        }
        takeAll()
                .forEach(each ->
                        each.request()
                                .complete(
                                        new PublishResult.Unknown(
                                                "the connection was closed before topic '%s' had it"
                                                        .formatted(topic))));
    }
}
