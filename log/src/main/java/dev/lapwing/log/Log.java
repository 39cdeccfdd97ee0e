// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A durable log in one directory: many named streams of records, and the state of one owner, all in
 * one order and behind one force to the disk.
 *
 * <p>Safe for use by many threads. Two threads of its own do the work: a writer, which commits what
 * queued up while the last commit ran, and a keeper, which prepares, compacts and deletes files.
 */
public final class Log implements AutoCloseable {
    private static final int MAX_NAME_BYTES = 1024;

    private final Storage storage;
    private final LogSettings settings;
    private final LogOwner owner;
    private final Closeable lock;
    private final Segments segments = new Segments();
    private final LogHealth health;
    private final Streams streams = new Streams(this);
    private final Windows windows;
    private final CommitQueue queue;
    private final LogTime time;
    private final RecoveryReport recovery;
    private final Keeper keeper;
    private final Committer committer;
    private final ReadWriteLock swapLock = new ReentrantReadWriteLock();
    private volatile boolean closing;
    private Optional<LogThreads> threads = Optional.empty();

    private Log(Storage storage, LogSettings settings, LogOwner owner, Closeable lock)
            throws IOException {
        this.storage = storage;
        this.settings = settings;
        this.owner = owner;
        this.lock = lock;
        this.health = new LogHealth(storage.place(), owner);
        this.windows = new Windows(settings.readWindowBytes());
        this.queue = new CommitQueue(settings.backlogBytes(), streams.control);
        var recovering = new Recovery(this);
        this.recovery = recovering.run();
        this.time = recovering.time();
        this.keeper = new Keeper(this);
        this.committer = new Committer(this, queue, keeper, recovering.lastSequence());
        this.keeper.adopt();
    }

    /**
     * Opens the log of a place, or makes a new one, and gives the owner its state back.
     *
     * @throws LogLockedException when the place is in use
     * @throws LogException when it cannot be read or written
     */
    public static Log open(Storage storage, LogSettings settings, LogOwner owner) {
        var log = openIdle(storage, settings, owner);
        log.threads = Optional.of(LogThreads.start(log, log.committer, log.queue, log.keeper));
        return log;
    }

    /** Opens a log whose work is done by {@link #step} and {@link #keep}, not by threads. */
    static Log openIdle(Storage storage, LogSettings settings, LogOwner owner) {
        try {
            var lock = storage.lock();
            try {
                return new Log(storage, settings, owner, lock);
            } catch (IOException | RuntimeException failed) {
                lock.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new LogException(
                    "%s: cannot open the log (%s); check that the directory can be written and the disk works"
                            .formatted(storage.place(), failed),
                    failed);
        }
    }

    /** Commits what waits; false when nothing did. For a log without threads. */
    boolean step() {
        return committer.commitOnce();
    }

    /** Does what the writer does when nothing comes. For a log without threads. */
    void idle() {
        committer.idle();
    }

    /** Does the keeper's work. For a log without threads. */
    void keep() {
        keeper.work();
    }

    /** What opening found. */
    public RecoveryReport recovery() {
        return recovery;
    }

    /** The state that the log is in now. */
    public LogStatus status() {
        return health.status();
    }

    /**
     * Now by the log's own clock, in milliseconds: it follows the monotonic clock, so that jumps of
     * the wall clock do not matter, goes on where the last run stored something last, and takes
     * from the wall clock how long the log was closed, but at most a day.
     */
    public long millis() {
        return time.now();
    }

    /**
     * The stream of this name, made if there is none yet. A new stream is there after a restart
     * once its first record, or anything after this call, is stored.
     *
     * @throws IllegalArgumentException when the name is empty or longer than 1,024 bytes of UTF-8
     */
    public LogStream create(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_NAME_BYTES) {
            throw new IllegalArgumentException(
                    "stream name has %d bytes, must have from 1 to %d"
                            .formatted(bytes, MAX_NAME_BYTES));
        }
        var known = streams.named(name);
        return known.isPresent() ? known.get() : registered(streams.create(name));
    }

    private LogStream registered(LogStream stream) {
        var record = new ControlRecord.Create(stream.id, stream.name());
        control(record, stream, () -> stream.registered = true);
        return stream;
    }

    /** The stream of this name. */
    public Optional<LogStream> stream(String name) {
        return streams.named(name);
    }

    /** All named streams, in no order. */
    public Collection<LogStream> streams() {
        return streams.named();
    }

    /**
     * The stream of the owner's state. Append to it like to any other; it is read back through
     * {@link LogOwner} alone, and is trimmed by the log itself.
     */
    public LogStream state() {
        return streams.state;
    }

    /**
     * Hands an append to the writer. Never blocks.
     *
     * @throws IllegalArgumentException when it is larger than {@link LogSettings#maxAppendBytes()}
     */
    public Admission append(Append append) {
        long size = measured(append);
        append.group = 1;
        append.groupBytes = size;
        var closed = admission(append);
        return closed == Admission.ACCEPTED ? queue.push(append, append, size) : closed;
    }

    /**
     * Hands appends to the writer in one go, in this order. All of them are accepted or none; each
     * is stored or fails by itself. Never blocks.
     */
    public Admission append(List<? extends Append> appends) {
        return appendAll(appends, false);
    }

    /**
     * Hands appends to the writer, to be stored all or none, whatever happens: after a crash either
     * all of them are there or none is. Never blocks.
     *
     * @throws IllegalArgumentException when together they are larger than {@link
     *     LogSettings#maxAppendBytes()}
     */
    public Admission appendAtomically(List<? extends Append> appends) {
        return appendAll(appends, true);
    }

    private Admission appendAll(List<? extends Append> appends, boolean atomic) {
        if (appends.isEmpty()) {
            return Admission.ACCEPTED;
        }
        long size = 0;
        Append newest = null;
        for (var append : appends) {
            long bytes = measured(append);
            append.group = 1;
            append.groupBytes = bytes;
            append.next = newest;
            newest = append;
            size += bytes;
        }
        var oldest = appends.getFirst();
        if (atomic) {
            checkSize(size, "an atomic group");
            oldest.group = appends.size();
            oldest.groupBytes = size;
        }
        for (var append : appends) {
            var refused = admission(append);
            if (refused != Admission.ACCEPTED) {
                return refused;
            }
        }
        return newest == null ? Admission.ACCEPTED : queue.push(newest, oldest, size);
    }

    private long measured(Append append) {
        append.size = append.encodedSize();
        checkSize((long) append.size + Chunk.RECORD_HEADER, "an append");
        return (long) append.size + Chunk.RECORD_HEADER;
    }

    private void checkSize(long size, String what) {
        if (size > settings.maxAppendBytes()) {
            throw new IllegalArgumentException(
                    "%s of %d bytes is larger than %d, a quarter of a segment; make it smaller, or segmentBytes larger"
                            .formatted(what, size, settings.maxAppendBytes()));
        }
    }

    private Admission admission(Append append) {
        return switch (health.status()) {
            case RUNNING -> Admission.ACCEPTED;
            case DISK_FULL ->
                    append.stream.id <= Streams.STATE ? Admission.ACCEPTED : Admission.DISK_FULL;
            case POISONED -> Admission.POISONED;
            case CLOSED -> Admission.CLOSED;
        };
    }

    /** Hands over a record of the log's own. */
    Admission control(ControlRecord record, LogStream target, Runnable effect) {
        var append = new ControlAppend(streams.control, record, target, effect);
        append.groupBytes = append.size;
        var refused = admission(append);
        return refused == Admission.ACCEPTED ? queue.pushOwn(append) : refused;
    }

    Admission dropStream(LogStream stream) {
        if (!streams.forget(stream)) {
            return Admission.ACCEPTED;
        }
        var answer =
                control(
                        new ControlRecord.Drop(stream.id),
                        stream,
                        () -> {
                            stream.dropped = true;
                            streams.gone(stream);
                            keeper.sweep();
                        });
        if (answer != Admission.ACCEPTED) {
            dropFailed(stream);
        }
        return answer;
    }

    void dropFailed(LogStream stream) {
        streams.remember(stream);
    }

    void spaceMayBeFree() {
        keeper.sweep();
    }

    /**
     * Stores what was accepted, then closes. Waits for the writer. Idempotent.
     *
     * @throws LogException when the files cannot be closed
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closing) {
                return;
            }
            closing = true;
        }
        threads.ifPresentOrElse(LogThreads::end, committer::finish);
        keeper.finish();
        segments.closeAll();
        health.closed();
        try {
            lock.close();
        } catch (IOException failed) {
            throw new LogException(place() + ": cannot give up the lock", failed);
        }
    }

    /** How many bytes wait for the writer. */
    long backlogBytes() {
        return queue.bytes();
    }

    LogHealth health() {
        return health;
    }

    boolean isClosing() {
        return closing;
    }

    /**
     * The chunks of an extent. Those of a segment that was replaced or deleted meanwhile are told
     * as none; whoever asks looks the extent up again.
     */
    ChunkIndex chunks(Extent extent) throws IOException {
        var inMemory = extent.chunks;
        if (inMemory != null) {
            return inMemory;
        }
        swapLock.readLock().lock();
        try {
            return extent.segment.isRetired()
                    ? new ChunkIndex(0)
                    : new SegmentLoader(storage).chunks(extent);
        } finally {
            swapLock.readLock().unlock();
        }
    }

    /** Held while the file of a segment is replaced or deleted. */
    Lock swapping() {
        return swapLock.writeLock();
    }

    String place() {
        return storage.place();
    }

    Storage storage() {
        return storage;
    }

    LogSettings settings() {
        return settings;
    }

    LogOwner owner() {
        return owner;
    }

    LogTime time() {
        return time;
    }

    Segments segments() {
        return segments;
    }

    Streams table() {
        return streams;
    }

    Windows windows() {
        return windows;
    }

    LogStream controlStream() {
        return streams.control;
    }

    Optional<LogStream> numbered(int id) {
        return streams.numbered(id);
    }
}
