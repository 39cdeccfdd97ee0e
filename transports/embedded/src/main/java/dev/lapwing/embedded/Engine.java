// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.ClosedException;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.log.Log;
import dev.lapwing.log.LogSettings;
import dev.lapwing.log.LogStatus;
import dev.lapwing.log.LogStream;
import dev.lapwing.log.Storage;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The messaging engine over one log: topics, groups, delays, retention. Shared by all connections
 * of this process to the same place.
 *
 * <p>Its threads: the log's two, one {@link Timer}, and a few that read. The locks, from the
 * outside in: that of {@link Topics}, that of one {@link Group}, that of {@link StateLog}, that of
 * the {@link Timer}. The log's writer thread takes none of the first two, and the others only when
 * the disk is full.
 */
final class Engine implements AutoCloseable {
    private static final long BEAT_MILLIS = Duration.ofHours(1).toMillis();
    private static final int SMALLEST_POOL = 2;
    private static final int LARGEST_POOL = 8;
    private static final int CLOSING_SECONDS = 5;

    private final EngineClock clock;
    private final DedupeWindow ids;
    private final EngineState state;
    private final Timer timer;
    private final ForkJoinPool threads;
    private final Log log;
    private final StateLog stateLog;
    private final Topics topics;
    private final Delays delays;
    private final Retention retention;
    private final String name;
    private final Set<Consumer<String>> brokenListeners = new CopyOnWriteArraySet<>();
    private final AtomicLong freshIds = new AtomicLong();
    private final String freshIdPrefix;
    private final int maxRecordBytes;
    private final Timer.Alarm heartbeat;

    /**
     * Opens the engine of a place, or makes a new one.
     *
     * @throws dev.lapwing.log.LogException if the log cannot be opened
     */
    Engine(Storage storage, EmbeddedOptions options, LogSettings settings) {
        clock = new EngineClock(settings.clock());
        ids = new DedupeWindow(options.dedupeWindow(), options.dedupeIds(), clock);
        state = new EngineState(ids);
        maxRecordBytes = settings.maxAppendBytes() / 2 - 1024;
        log = Log.open(storage, settings, state);
        clock.start(log);
        timer = new Timer(clock);
        threads = pool();
        stateLog = new StateLog(log, state, clock, timer);

        name = state.log().isEmpty() ? name(settings) : state.log();
        freshIdPrefix =
                name + "-0-" + Long.toString(settings.random().nextLong(1L << 50), 36) + "-";
        if (state.log().isEmpty()) {
            stateLog.append(new StateRecord.Identity(name, 0));
        }
        boolean badly = !state.isClosed();
        stateLog.append(new StateRecord.Running(false));
        topics = new Topics(this, log, state);
        LogStream delayed = log.create(Topics.DELAYED_STREAM);
        delays = new Delays(this, delayed, state.delayed());
        topics.restore(badly);
        restoreIds(delayed, options.dedupeWindow());
        retention = new Retention(this, options);
        heartbeat = timer.alarm(this::beat);
        start();
    }

    private static String name(LogSettings settings) {
        return Long.toString(settings.random().nextLong(1L << 40) + (1L << 40), 36);
    }

    private static ForkJoinPool pool() {
        int cores = Runtime.getRuntime().availableProcessors();
        return new ForkJoinPool(
                Math.clamp(cores, SMALLEST_POOL, LARGEST_POOL),
                pool -> {
                    var worker = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
                    worker.setName("lapwing-reader-" + worker.getPoolIndex());
                    return worker;
                },
                null,
                true);
    }

    private void start() {
        state.knowEnds(number ->
                number == EngineState.DELAYED
                        ? delays.stream().end()
                        : topics.find(state.topics().getOrDefault(number, ""))
                                .map(topic -> topic.stream().end())
                                .orElse(0L));
        state.onStatus(status -> {
            if (status == LogStatus.POISONED) {
                threads.execute(this::broken);
            }
        });
        timer.start();
        heartbeat.at(clock.now() + BEAT_MILLIS);
        delays.wake();
        retention.start();
    }

    /** Reads the ids within the window that no snapshot has; their window begins anew. */
    private void restoreIds(LogStream delayed, Duration window) {
        for (Topic topic : topics.all()) {
            readIds(
                    topic.stream(),
                    topic.number(),
                    window,
                    (position, bytes) -> restoreId(topic, position, bytes));
        }
        readIds(
                delayed,
                EngineState.DELAYED,
                window,
                (position, bytes) ->
                        topics.find(DelayedCodec.topic(bytes))
                                .ifPresent(topic -> restoreId(topic, DedupeWindow.DELAYED, bytes)));
    }

    private void restoreId(Topic topic, long position, ByteBuffer bytes) {
        String id = MessageCodec.readId(bytes);
        if (id != null) {
            ids.restore(topic.number(), id, position, clock.now());
        }
    }

    private void readIds(LogStream stream, int number, Duration window, IdReader.Target target) {
        long from = Math.max(state.idsKnownTo(number), stream.positionYoungerThan(window));
        var reader = stream.reader(from);
        var idReader = new IdReader(target);
        while (reader.read(Integer.MAX_VALUE, 1 << 20, idReader) > 0) {}
    }

    /** Stores the time, so that a long idle run does not count as a long absence. */
    private void beat() {
        stateLog.append(new StateRecord.Running(false));
        heartbeat.at(clock.now() + BEAT_MILLIS);
    }

    private void broken() {
        topics.failAll(new LapwingException(Refusals.POISONED));
        brokenListeners.forEach(listener -> listener.accept(Refusals.POISONED));
    }

    /** Calls the listener when the log takes nothing any more, with the reason for people. */
    void onBroken(Consumer<String> listener) {
        brokenListeners.add(listener);
        if (log.status() == LogStatus.POISONED) {
            listener.accept(Refusals.POISONED);
        }
    }

    void forget(Consumer<String> listener) {
        brokenListeners.remove(listener);
    }

    EngineClock clock() {
        return clock;
    }

    Timer timer() {
        return timer;
    }

    /** The threads that read. */
    Executor threads() {
        return threads;
    }

    Log log() {
        return log;
    }

    StateLog stateLog() {
        return stateLog;
    }

    Topics topics() {
        return topics;
    }

    Delays delays() {
        return delays;
    }

    Retention retention() {
        return retention;
    }

    DedupeWindow ids() {
        return ids;
    }

    /** The name of the log: the beginning of every id that it gives. */
    String name() {
        return name;
    }

    /** The largest record that a message may become, in bytes. */
    int maxRecordBytes() {
        return maxRecordBytes;
    }

    /** An id that no other message has. */
    String freshId() {
        return freshIdPrefix + freshIds.incrementAndGet();
    }

    /** When a message that is published now is due, by the engine's clock. */
    long due(Duration delay) {
        return clock.now() + Math.min(millis(delay), Long.MAX_VALUE / 4);
    }

    /**
     * When a message that is published now goes out of date, by the engine's clock; its age so far
     * is taken off.
     */
    long expires(Message message) {
        return message.timeToLive()
                .map(timeToLive -> {
                    long age = clock.wall() - message.timestamp().toEpochMilli();
                    return clock.now() + Math.min(millis(timeToLive), Long.MAX_VALUE / 4) - age;
                })
                .orElse(0L);
    }

    private static long millis(Duration duration) {
        return duration.getSeconds() > Long.MAX_VALUE / 4000
                ? Long.MAX_VALUE / 4
                : Math.max(1, duration.toMillis());
    }

    /** Stores what was accepted, and closes the log. */
    @Override
    public void close() {
        retention.close();
        timer.close();
        topics.failAll(new ClosedException("The connection to the log was closed"));
        // A turn that had marked what it would hand out still takes that back: after an end in
        // order, what nobody had counts no attempt.
        threads.awaitQuiescence(CLOSING_SECONDS, TimeUnit.SECONDS);
        try {
            stateLog.append(new StateRecord.Running(true)).join();
        } catch (CompletionException poisoned) {
            // The next run finds no mark and is careful: that is what it is for.
        }
        log.close();
        threads.shutdown();
    }
}
