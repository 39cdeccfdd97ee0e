// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;

/**
 * The one whose state the log keeps. Its state is what its records in {@link Log#state()} add up
 * to; the log asks for a snapshot of it now and then, so that old ones can go.
 *
 * <p>While the log opens, on the opening thread: {@link #restore} for each record of the newest
 * whole snapshot, in order, then {@link #replay} for each state record after it, in order. Later,
 * on the log's writer thread: {@link #snapshot}. Buffers are valid during the call only.
 */
public interface LogOwner {
    /** Takes back one record that {@link #snapshot} wrote. */
    void restore(ByteBuffer snapshotRecord);

    /**
     * Takes back one state record that was stored after the snapshot. A record whose append ended
     * as {@link LogFailure.Kind#UNKNOWN} may be among them.
     */
    void replay(long position, ByteBuffer stateRecord);

    /**
     * Writes the state. Called on the writer thread between two batches: the state must hold every
     * state record whose {@code stored} was called. It may already hold later ones only when
     * replaying them once more changes nothing. Appends wait meanwhile; megabytes are fine.
     */
    void snapshot(SnapshotWriter target);

    /** Hears that damage was met, by whom it was met does not matter. Must be quick. */
    default void damaged(Damage damage) {}

    /** Hears of a change of state of the log, on one of its threads. Must be quick. */
    default void statusChanged(LogStatus status) {}

    /** An owner without any state. */
    static LogOwner none() {
        return new LogOwner() {
            @Override
            public void restore(ByteBuffer snapshotRecord) {}

            @Override
            public void replay(long position, ByteBuffer stateRecord) {}

            @Override
            public void snapshot(SnapshotWriter target) {}
        };
    }
}
