// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one that keeps house beside the writer, on a thread of its own: has the next segment ready,
 * writes the indexes of sealed ones, gives back what nobody needs any more, and looks for room when
 * there was none.
 */
final class Keeper {
    private static final Logger LOG = System.getLogger(Keeper.class.getName());
    private static final int STARTER_BYTES = 4 * 1024 * 1024;

    private final Log log;
    private final Storage storage;
    private final IndexFile indexes;
    private final ArrayDeque<Segment> unindexed = new ArrayDeque<>();
    private @Nullable StorageFile spare;
    private boolean started;
    private boolean preparing;
    private volatile boolean full;
    private boolean sweepDue;
    private boolean signalled;

    /** A file with the number of the next segment; it should not grow past the limit. */
    record Prepared(long id, StorageFile file, long limit) {}

    Keeper(Log log) {
        this.log = log;
        this.storage = log.storage();
        this.indexes = new IndexFile(storage);
    }

    /** Whether there was no room for the next segment when it was last tried. */
    boolean noRoom() {
        return full;
    }

    void reportFull() {
        full = true;
        signal();
    }

    /** Asks for work on the keeper's thread. */
    synchronized void signal() {
        signalled = true;
        notifyAll();
    }

    /** Something may have died: segments will be looked through. */
    synchronized void sweep() {
        sweepDue = true;
        signal();
    }

    /** Takes a segment that nothing is added to any more. */
    synchronized void sealed(Segment segment) {
        segment.sealed = true;
        unindexed.add(segment);
        sweep();
    }

    /** The file for the next segment: the one that is ready, or a new one. */
    Prepared takeSegment(int bytes) throws IOException {
        long id = log.segments().nextId();
        var ready = takeSpare();
        if (ready.isPresent()) {
            storage.rename(SegmentNames.SPARE, SegmentNames.log(id));
            storage.syncDirectory();
            signal();
            return new Prepared(id, ready.get(), bytes);
        }
        if (full) {
            throw new IOException("No space left: there was none for the next segment");
        }
        if (started) {
            var file = storage.create(SegmentNames.log(id));
            storage.syncDirectory();
            return new Prepared(id, file, bytes);
        }
        started = true;
        int starter = Math.min(bytes, STARTER_BYTES);
        var file = prepare(SegmentNames.log(id), starter);
        storage.syncDirectory();
        return new Prepared(id, file, starter);
    }

    private synchronized Optional<StorageFile> takeSpare() {
        var ready = Optional.ofNullable(spare);
        spare = null;
        return ready;
    }

    /** A new file of zeros. */
    private StorageFile prepare(String name, int bytes) throws IOException {
        var file = storage.create(name);
        try {
            file.preallocate(0, bytes);
            file.force();
            return file;
        } catch (IOException failed) {
            abandon(name, file);
            throw failed;
        }
    }

    /** Gives up a file that could not become a segment. */
    void abandon(Prepared prepared) {
        abandon(SegmentNames.log(prepared.id()), prepared.file());
    }

    private void abandon(String name, StorageFile file) {
        try {
            file.close();
            storage.delete(name);
        } catch (IOException leavesAnEmptyFile) {
            LOG.log(Level.DEBUG, "not deleted: " + name, leavesAnEmptyFile);
        }
    }

    /** Does all work that is due. */
    void work() {
        prepareSpare();
        for (var segment = nextUnindexed(); segment.isPresent(); segment = nextUnindexed()) {
            index(segment.get());
        }
        if (takeSweep()) {
            new Sweeper(log).sweep();
            if (full) {
                prepareSpare();
            }
        }
        log.segments().closeIdle();
    }

    private synchronized boolean takeSweep() {
        boolean due = sweepDue;
        sweepDue = false;
        return due;
    }

    private synchronized Optional<Segment> nextUnindexed() {
        return Optional.ofNullable(unindexed.poll());
    }

    private void prepareSpare() {
        if (log.status() == LogStatus.POISONED || !begunPreparing()) {
            return;
        }
        try {
            var prepared = prepare(SegmentNames.SPARE, log.settings().segmentBytes());
            synchronized (this) {
                spare = prepared;
            }
            full = false;
            log.roomAgain();
        } catch (IOException failed) {
            if (storage.isFull(failed)) {
                full = true;
            } else {
                log.poison(failed);
            }
        } finally {
            synchronized (this) {
                preparing = false;
            }
        }
    }

    private synchronized boolean begunPreparing() {
        boolean begins = spare == null && !preparing;
        preparing |= begins;
        return begins;
    }

    /** Writes the index and lets the chunks be read back from it. */
    private void index(Segment segment) {
        try {
            trimFile(segment);
            indexes.write(segment);
            segment.indexed = true;
            segment.extents.values().forEach(extent -> extent.chunks = null);
        } catch (IOException failed) {
            LOG.log(Level.WARNING, log.place() + ": no index for " + segment.name(), failed);
        }
    }

    /** Gives back what was prepared behind the end of a sealed segment. */
    private void trimFile(Segment segment) throws IOException {
        try (var file = storage.open(segment.name())) {
            if (file.size() > segment.end) {
                file.truncate(segment.end);
            }
        }
    }

    /** Works until the log closes. */
    void run() {
        while (!log.isClosing()) {
            work();
            await();
        }
    }

    private synchronized void await() {
        long retry = log.settings().diskFullRetry().toMillis();
        try {
            if (!signalled && !log.isClosing()) {
                wait(full ? Math.max(1, retry) : 0);
            }
            signalled = false;
        } catch (InterruptedException nobodyInterruptsIt) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves the directory as an empty log would find it. */
    void finish() {
        for (var segment = nextUnindexed(); segment.isPresent(); segment = nextUnindexed()) {
            index(segment.get());
        }
        takeSpare().ifPresent(file -> abandon(SegmentNames.SPARE, file));
    }

    /** The files of segments that are gone. */
    static List<String> filesOf(Segment segment) {
        var names = new ArrayList<String>();
        names.add(segment.name());
        names.add(SegmentNames.index(segment.id()));
        return names;
    }
}
