// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * One record on its way into a stream. Subclasses carry the content and hear of the outcome; an
 * object is used for one append only, and is the only allocation that an append needs.
 *
 * <p>{@link #encodedSize} is called on the appending thread; everything else on the log's writer
 * thread, where it delays every other append: it must be quick, must not block and must not throw.
 */
public abstract class Append {
    final LogStream stream;
    int size;
    long position;

    /** How many appends of one atomic group begin here; 1 for one that stands alone. */
    int group = 1;

    /** How many bytes they take together. */
    long groupBytes;

    /** The next one in the queue; handed from thread to thread by {@link CommitQueue}. */
    @Nullable Append next;

    /** The next one of the same stream in the batch. */
    @Nullable Append chunkNext;

    /** An append to this stream. */
    protected Append(LogStream stream) {
        this.stream = stream;
    }

    /** How many bytes {@link #encodeTo} will write, exactly. */
    protected abstract int encodedSize();

    /** Writes the record. */
    protected abstract void encodeTo(ByteBuffer target);

    /** Hears that the record is stored under the log's policy, and readable, at this position. */
    protected abstract void stored(long position);

    /** Hears that the record was not stored, or that nobody can tell. */
    protected abstract void failed(LogFailure failure);
}
