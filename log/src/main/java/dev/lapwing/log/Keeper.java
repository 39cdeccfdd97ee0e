// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
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
    private final Spare spare;
    private final ArrayDeque<Segment> unindexed = new ArrayDeque<>();
    private boolean started;
    private volatile boolean full;
    private volatile long spareGoal;
    private boolean sweepDue;
    private boolean signalled;

    /** A file with the number of the next segment; it should not grow past the limit. */
    record Prepared(long id, StorageFile file, long limit) {}

    Keeper(Log log) {
        this.log = log;
        this.storage = log.storage();
        this.indexes = new IndexFile(storage);
        this.spare = new Spare(storage, log.settings().segmentBytes());
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

    /** Takes the segments that the log opened with. */
    synchronized void adopt() {
        for (var segment : log.segments().all()) {
            if (!segment.indexed) {
                unindexed.add(segment);
            }
        }
        sweep();
    }

    /** Takes a segment that nothing is added to any more. */
    synchronized void sealed(Segment segment) {
        segment.sealed = true;
        unindexed.add(segment);
        sweep();
    }

    /**
     * Hears how full the segment is: the next one is filled with zeros twice as fast, so that it is
     * ready by the time this one is half full, however small this one is.
     */
    void filled(long bytes, long limit) {
        long goal = (long) (2.0 * bytes / limit * log.settings().segmentBytes());
        if (goal > spareGoal) {
            spareGoal = goal + 1024 * 1024;
            signal();
        }
    }

    /** Hears that nothing is written for the moment: a good time to prepare what is needed soon. */
    void idle(long bytes, long limit) {
        if (bytes > limit / 4) {
            filled(limit, limit);
        }
    }

    /** The file for the next segment: the one that was prepared, or a new one. */
    Prepared takeSegment(int bytes) throws IOException {
        long id = log.segments().nextId();
        var ready = spare.take(id);
        if (ready.isPresent()) {
            storage.syncDirectory();
            spareGoal = 0;
            return new Prepared(id, ready.get(), bytes);
        }
        if (full) {
            throw new IOException("No space left: there was none for the next segment");
        }
        int limit = started ? bytes : Math.min(bytes, STARTER_BYTES);
        var prepared = new Prepared(id, storage.create(SegmentNames.log(id)), limit);
        try {
            prepare(prepared);
        } catch (IOException failed) {
            abandon(prepared);
            throw failed;
        }
        return prepared;
    }

    /** Fills the first one with zeros; later ones are only made here when they are wanted now. */
    private void prepare(Prepared prepared) throws IOException {
        if (!started) {
            prepared.file().preallocate(0, prepared.limit());
            started = true;
        }
        storage.syncDirectory();
    }

    /** Gives up a file that could not become a segment. */
    void abandon(Prepared prepared) {
        try {
            prepared.file().close();
            storage.delete(SegmentNames.log(prepared.id()));
        } catch (IOException leavesAnEmptyFile) {
            LOG.log(Level.DEBUG, "not deleted: " + prepared, leavesAnEmptyFile);
        }
    }

    /** Does all work that is due. */
    void work() {
        for (var segment = nextUnindexed(); segment.isPresent(); segment = nextUnindexed()) {
            index(segment.get());
        }
        if (!log.health().isPoisoned()) {
            tidy();
        }
        log.segments().closeIdle();
    }

    private void tidy() {
        try {
            if (takeSweep()) {
                new Sweeper(log).sweep().forEach(this::index);
            }
            fillSpare();
        } catch (IOException failed) {
            if (storage.isFull(failed)) {
                full = true;
            } else {
                log.health().poison(failed);
            }
        }
    }

    private synchronized boolean takeSweep() {
        boolean due = sweepDue;
        sweepDue = false;
        return due;
    }

    private synchronized Optional<Segment> nextUnindexed() {
        return Optional.ofNullable(unindexed.poll());
    }

    /** On a full disk the whole of it must be had, before anything more is accepted. */
    private void fillSpare() throws IOException {
        while (!log.isClosing() && spare.fill(full ? Long.MAX_VALUE : spareGoal)) {
            continue;
        }
        if (full && !log.isClosing()) {
            full = false;
            log.health().roomAgain();
        }
    }

    /** Writes the index and lets the chunks be read back from it. */
    private void index(Segment segment) {
        if (segment.isRetired()) {
            return;
        }
        try {
            trimFile(segment);
            indexes.write(segment);
            segment.indexed = true;
            segment.extents.values().forEach(extent -> extent.chunks = null);
        } catch (IOException failed) {
            LOG.log(Level.WARNING, log.place() + ": no index for " + segment.name(), failed);
        }
    }

    /** Gives back what was prepared behind the end and the mark there. */
    private void trimFile(Segment segment) throws IOException {
        try (var file = storage.open(segment.name())) {
            long end = segment.end + Chunk.HEADER;
            if (file.size() > end) {
                file.truncate(end);
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

    /** Leaves nothing behind that the next run would not need. */
    void finish() {
        for (var segment = nextUnindexed(); segment.isPresent(); segment = nextUnindexed()) {
            index(segment.get());
        }
        try {
            spare.abandon();
        } catch (IOException leavesAnEmptyFile) {
            LOG.log(Level.DEBUG, "not deleted: " + SegmentNames.SPARE, leavesAnEmptyFile);
        }
    }
}
