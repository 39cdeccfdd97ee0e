// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** A storage on the heap, gone with the process; the same log without the disk. */
public final class MemoryStorage {
    /** A new, empty storage. */
    public static Storage create() {
        throw new UnsupportedOperationException();
    }

    private MemoryStorage() {}
}
