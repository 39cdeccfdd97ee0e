// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A durable log in one directory: many named streams of records, and the state of one owner, all in
 * one order and behind one force to the disk.
 *
 * <p>Safe for use by many threads. Two threads of its own do the work: a writer, which commits what
 * queued up while the last commit ran, and a keeper, which prepares, compacts and deletes files.
 */
public final class Log implements AutoCloseable {
    private Log() {}

    /**
     * Opens the log of a place, or makes a new one, and gives the owner its state back.
     *
     * @throws LogLockedException when the place is in use
     * @throws LogException when it cannot be read or written
     */
    public static Log open(Storage storage, LogSettings settings, LogOwner owner) {
        throw new UnsupportedOperationException();
    }

    /** What opening found. */
    public RecoveryReport recovery() {
        throw new UnsupportedOperationException();
    }

    /** The state that the log is in now. */
    public LogStatus status() {
        throw new UnsupportedOperationException();
    }

    /**
     * The stream of this name, made if there is none yet. A new stream is there after a restart
     * once its first record, or anything after this call, is stored.
     *
     * @throws IllegalArgumentException when the name is empty or longer than 1,024 bytes of UTF-8
     */
    public LogStream create(String name) {
        throw new UnsupportedOperationException();
    }

    /** The stream of this name. */
    public Optional<LogStream> stream(String name) {
        throw new UnsupportedOperationException();
    }

    /** All named streams, in no order. */
    public Collection<LogStream> streams() {
        throw new UnsupportedOperationException();
    }

    /**
     * The stream of the owner's state. Append to it like to any other; it is read back through
     * {@link LogOwner} alone, and is trimmed by the log itself.
     */
    public LogStream state() {
        throw new UnsupportedOperationException();
    }

    /**
     * Hands an append to the writer. Never blocks.
     *
     * @throws IllegalArgumentException when it is larger than {@link LogSettings#maxAppendBytes()}
     */
    public Admission append(Append append) {
        throw new UnsupportedOperationException();
    }

    /**
     * Hands appends to the writer in one go, in this order. All of them are accepted or none; each
     * is stored or fails by itself. Never blocks.
     */
    public Admission append(List<? extends Append> appends) {
        throw new UnsupportedOperationException();
    }

    /**
     * Hands appends to the writer, to be stored all or none, whatever happens: after a crash either
     * all of them are there or none is. Never blocks.
     *
     * @throws IllegalArgumentException when together they are larger than {@link
     *     LogSettings#maxAppendBytes()}
     */
    public Admission appendAtomically(List<? extends Append> appends) {
        throw new UnsupportedOperationException();
    }

    /** Stores what was accepted, then closes. Waits for the writer. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
