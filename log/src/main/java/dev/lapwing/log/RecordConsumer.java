// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;

/** Takes what a {@link LogReader} finds. */
public interface RecordConsumer {
    /**
     * Takes one record.
     *
     * @param position its position in its stream
     * @param wallMillis the wall clock when it was appended
     * @param bytes its bytes, between position and limit; valid during the call only
     */
    void record(long position, long wallMillis, ByteBuffer bytes);

    /**
     * Hears that records are lost; the reader goes on with the first good one after them. {@link
     * Damage#firstPosition()} and {@link Damage#endPosition()} tell which.
     */
    void damaged(Damage damage);
}
