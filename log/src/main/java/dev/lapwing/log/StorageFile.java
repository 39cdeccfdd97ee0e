// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One open file of a {@link Storage}. Reads may come from many threads, writes from one. */
public interface StorageFile extends Closeable {
    /**
     * Writes from the source's position on, and returns how many bytes were written, which may be
     * fewer than remain; the source's position moves by as many.
     */
    int write(ByteBuffer source, long position) throws IOException;

    /** Reads into the target and returns how many bytes came, or -1 at or past the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Makes all bytes written so far, and the size, durable. */
    void force() throws IOException;

    /** The size in bytes. */
    long size() throws IOException;

    /** Cuts the file to at most this many bytes. */
    void truncate(long size) throws IOException;

    /**
     * Fills the range with zeros and hands them to the device, so that later writes inside it need
     * no new room and later forces find little to do. Not a promise of durability.
     */
    void preallocate(long from, long to) throws IOException;
}
