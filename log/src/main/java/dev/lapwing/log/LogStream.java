// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.time.Duration;
import java.time.Instant;

/**
 * A named sequence of records in a {@link Log}. The first record ever has position 0, the next one
 * 1, and so on; a position is never given out twice. Safe for use by many threads.
 */
public final class LogStream {
    LogStream() {}

    /** The name. */
    public String name() {
        throw new UnsupportedOperationException();
    }

    /**
     * The position of the first record that is still there, or of the next one if there is none.
     */
    public long first() {
        throw new UnsupportedOperationException();
    }

    /** The position that the next stored record will have. */
    public long end() {
        throw new UnsupportedOperationException();
    }

    /** A reader that begins at this position. */
    public LogReader reader(long fromPosition) {
        throw new UnsupportedOperationException();
    }

    /**
     * The position of the first record whose wall clock time is at or after this one, or the end.
     * After the wall clock was ahead for a while, this may be earlier than one expects, but nothing
     * that was appended at or after the time is left out.
     */
    public long positionAt(Instant time) {
        throw new UnsupportedOperationException();
    }

    /**
     * The position of the first record that is younger than this age, or the end. Age goes by the
     * log's own clock: jumps of the wall clock do not count, and of the time between two runs at
     * most a day does.
     */
    public long positionYoungerThan(Duration age) {
        throw new UnsupportedOperationException();
    }

    /** The first position such that what is there from it on takes at most this many bytes. */
    public long positionKeeping(long bytes) {
        throw new UnsupportedOperationException();
    }

    /** How much the stream holds now. */
    public StreamSize size() {
        throw new UnsupportedOperationException();
    }

    /**
     * Gives up all records before this position. Takes effect when it is stored, which happens in
     * the background; a trim that a crash prevents has to be asked for again. The room comes back
     * when no stream needs the segment any more, or when it was rewritten without the dead records.
     */
    public Admission trim(long beforePosition) {
        throw new UnsupportedOperationException();
    }

    /** Gives up the stream with all that is in it; its name may be used for a new one at once. */
    public Admission drop() {
        throw new UnsupportedOperationException();
    }

    /**
     * Registers a listener that is called after each batch that stored records in this stream, once
     * per batch, on the writer thread. It must be quick and must not block.
     */
    public Registration onStored(Runnable listener) {
        throw new UnsupportedOperationException();
    }
}
