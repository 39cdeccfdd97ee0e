// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.file.Path;

/** A directory of the file system, made when it is not there. */
public final class DiskStorage {
    private DiskStorage() {}

    /** The storage in this directory. */
    public static Storage at(Path directory) {
        throw new UnsupportedOperationException();
    }
}
