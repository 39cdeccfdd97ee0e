// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.errors.WakeupException;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads from partitions on one thread, which alone touches the consumer and all that is noted about
 * partitions; everything else hands it tasks.
 *
 * <p>The thread polls all the time, so that a slow handler is never taken for a dead one. Without
 * credit, or with records that wait for credit, it first waits a moment without polling, because
 * credit mostly comes back at once, and then pauses the partitions and polls on.
 */
abstract class KafkaReceiver implements Receiver, KafkaWatched {

    private static final System.Logger LOG = System.getLogger(KafkaReceiver.class.getName());
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration SHORT_POLL = Duration.ofMillis(2);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final long PAUSE_AFTER_NANOS = 50_000_000;
    private static final long REST_NANOS = 5_000_000;
    private static final long FAILURE_REST_NANOS = 100_000_000;

    final KafkaLink link;
    final KafkaTopics topics;
    final KafkaStarts starts;
    final ReceiverRequest request;
    final ReceiverListener listener;
    final Consumer<byte[], byte[]> consumer;
    final KafkaHoldings held;

    private final KafkaWaker waker;
    private final java.util.function.Consumer<KafkaWatched> ended;
    private final AtomicLong credit = new AtomicLong();
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();
    private volatile boolean closing;
    private boolean stopped;
    private boolean paused;
    private long idleSince;

    KafkaReceiver(
            KafkaLink link,
            KafkaTopics topics,
            ReceiverRequest request,
            ReceiverListener listener,
            Consumer<byte[], byte[]> consumer,
            java.util.function.Consumer<KafkaWatched> ended) {
        this.link = link;
        this.topics = topics;
        this.request = request;
        this.listener = listener;
        this.consumer = consumer;
        this.ended = ended;
        starts = new KafkaStarts(link);
        held = new KafkaHoldings(topics.names(), !request.topics().isPattern());
        waker = new KafkaWaker(consumer::wakeup);
    }

    /** Begins to read; runs on the receiver's thread until it is in force. */
    abstract void open();

    /** Topics or partitions have appeared; runs on the receiver's thread. */
    abstract void found(Map<String, Integer> topics);

    /** What has to be sent to the broker; returns whether its answer is awaited by polling. */
    abstract boolean flush(boolean pollsOn);

    /** What has to be done before the consumer closes; runs on the receiver's thread. */
    abstract void leave();

    /** The end: answers what is not answered; no partition is owned any more. */
    abstract void left();

    /** The offset at which reading of a partition begins of which nobody knows more. */
    abstract void begin(Collection<TopicPartition> partitions);

    /** Starts the thread and waits until the receiver is in force. */
    final KafkaReceiver start() {
        Thread.ofPlatform().name("lapwing-kafka-" + request.topics()).daemon(true).start(this::run);
        try {
            opened.join();
            return this;
        } catch (java.util.concurrent.CompletionException e) {
            finished.join();
            throw link.errors.told(
                    KafkaErrors.cause(e), "subscribing to '" + request.topics() + "'" + ofGroup());
        }
    }

    final String ofGroup() {
        return request.group().map(name -> " in group '" + name + "'").orElse("");
    }

    private void run() {
        waker.begin();
        try {
            open();
            opened.complete(null);
            while (!closing) {
                step();
            }
        } catch (RuntimeException e) {
            fail(e);
        } finally {
            shutDown();
        }
    }

    private void fail(RuntimeException e) {
        if (!opened.completeExceptionally(e) && !closing) {
            listener.failed(link.errors.told(e, "reading '" + request.topics() + "'" + ofGroup()));
        }
    }

    private void shutDown() {
        closing = true;
        quietly(() -> {
            waker.runTasks();
            leave();
        });
        quietly(() -> consumer.close(CloseOptions.timeout(CLOSE)));
        held.giveUp(List.copyOf(held.owned.keySet()));
        quietly(waker::end);
        left();
        ended.accept(this);
        finished.complete(null);
    }

    private static void quietly(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "A part of closing failed", e);
        }
    }

    private void step() {
        waker.runTasks();
        deliver();
        if (closing) {
            return;
        }
        if (!stopped && held.backlog() == 0 && credit.get() > 0) {
            idleSince = 0;
            boolean awaits = flush(true);
            resume();
            poll(awaits ? SHORT_POLL : POLL);
        } else if (!stopped && !paused && held.backlog() < request.credit() && flush(true)) {
            // Waiting for the answer would keep what was granted meanwhile from the handler.
            poll(SHORT_POLL);
        } else {
            flush(false);
            idle();
        }
    }

    private void idle() {
        long now = System.nanoTime();
        if (idleSince == 0) {
            idleSince = now;
        }
        if (now - idleSince < PAUSE_AFTER_NANOS) {
            waker.rest(REST_NANOS);
        } else {
            pause();
            poll(POLL);
        }
    }

    private void pause() {
        if (!paused || !consumer.paused().equals(consumer.assignment())) {
            paused = true;
            consumer.pause(consumer.assignment());
        }
    }

    private void resume() {
        if (paused) {
            paused = false;
            consumer.resume(consumer.paused());
        }
    }

    /** Polls, and keeps what came; every failure that may pass by itself is waited out. */
    final void poll(Duration time) {
        if (!isReading()) {
            waker.rest(time.toNanos());
            return;
        }
        try {
            mend();
            held.keep(waker.calling(() -> consumer.poll(time)));
        } catch (WakeupException e) {
            LOG.log(Level.TRACE, "Woken");
        } catch (NoOffsetForPartitionException e) {
            begin(e.partitions());
        } catch (OffsetOutOfRangeException e) {
            skip(e.offsetOutOfRangePartitions());
        } catch (AuthorizationException
                | AuthenticationException
                | UnsupportedVersionException
                | GroupIdNotFoundException
                | InconsistentGroupProtocolException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.log(Level.WARNING, "Reading '" + request.topics() + "' fails for now", e);
            waker.rest(FAILURE_REST_NANOS);
        }
    }

    /** Puts in order what went wrong in the last poll. */
    void mend() {}

    /** Whether the consumer has anything to poll for. */
    boolean isReading() {
        return true;
    }

    /** Messages were deleted before they were read: tells the gap and goes on behind it. */
    private void skip(Map<TopicPartition, Long> wanted) {
        Map<TopicPartition, Long> begin =
                starts.list(wanted.keySet(), org.apache.kafka.clients.admin.OffsetSpec.earliest());
        wanted.forEach((id, offset) -> {
            long first = begin.getOrDefault(id, 0L);
            consumer.seek(id, first);
            if (first > offset) {
                listener.gap(
                        new Gap(
                                topics.names().toTopic(id.topic()),
                                offset == 0
                                        ? Optional.empty()
                                        : Optional.of(
                                                KafkaPosition.single(id.partition(), offset - 1)),
                                first - offset,
                                "the broker has deleted them, by retention or by a purge"));
            }
        });
    }

    private void deliver() {
        long room = credit.get();
        if (held.backlog() == 0 || room == 0 || stopped || closing) {
            return;
        }
        List<KafkaDelivery> batch = held.take(room);
        batch.forEach(this::delivered);
        credit.addAndGet(-batch.size());
        listener.deliver(batch);
    }

    /** Notes a delivery. */
    void delivered(KafkaDelivery delivery) {}

    /** Without credit nothing is fetched: what is purged meanwhile is not delivered. */
    final void hold(Collection<TopicPartition> ids) {
        if (paused || credit.get() == 0) {
            paused = true;
            consumer.pause(ids);
        }
    }

    /** Runs on the receiver's thread, soon; false if that has ended. */
    final boolean execute(Runnable task) {
        return waker.execute(task);
    }

    final KafkaWaker waker() {
        return waker;
    }

    final boolean isClosing() {
        return closing;
    }

    @Override
    public final ReceiverRequest request() {
        return request;
    }

    @Override
    public final void look(Map<String, Integer> there) {
        execute(() -> {
            if (!closing) {
                found(there);
            }
        });
    }

    @Override
    public final void topicIsGone() {
        execute(() -> {
            if (!closing) {
                throw new LapwingException(
                        "Topic '%s' was deleted; subscribe again to begin anew"
                                .formatted(request.topics()));
            }
        });
    }

    @Override
    public final void grant(int deliveries) {
        credit.addAndGet(deliveries);
        waker.wake();
    }

    @Override
    public final CompletableFuture<Void> stop() {
        var done = new CompletableFuture<Void>();
        if (!execute(
                () -> {
                    stopped = true;
                    done.complete(null);
                })) {
            done.complete(null);
        }
        return done;
    }

    @Override
    public final void close() {
        closing = true;
        waker.wake();
        if (!waker.isOwn(Thread.currentThread())) {
            finished.join();
        }
    }
}
