// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;

/** Takes the records of a snapshot, in order. Valid during {@link LogOwner#snapshot} only. */
public interface SnapshotWriter {
    /**
     * Adds the remaining bytes as one record; they are copied before this returns.
     *
     * @throws IllegalArgumentException when they are more than {@link LogSettings#maxAppendBytes()}
     */
    void record(ByteBuffer bytes);
}
