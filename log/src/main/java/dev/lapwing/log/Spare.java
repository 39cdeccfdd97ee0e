// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;

/**
 * The file that will be the next segment, filled with zeros piece by piece, so that the writer's
 * forces wait for no more than a piece and find nothing to allocate later. The keeper fills, the
 * writer takes.
 */
final class Spare {
    private static final int PIECE = 1024 * 1024;

    private final Storage storage;
    private final int bytes;
    private @Nullable StorageFile file;
    private long filled;

    Spare(Storage storage, int bytes) {
        this.storage = storage;
        this.bytes = bytes;
    }

    /** Fills one more piece, unless that many bytes are filled already; false when they are. */
    synchronized boolean fill(long goal) throws IOException {
        if (file != null && filled >= Math.min(goal, bytes)) {
            return false;
        }
        var filling = file;
        if (filling == null) {
            filling = storage.create(SegmentNames.SPARE);
            file = filling;
            filled = 0;
        }
        long to = Math.min(bytes, filled + PIECE);
        filling.preallocate(filled, to);
        filled = to;
        return true;
    }

    /** Makes it the segment of this number; empty when there is none. */
    synchronized Optional<StorageFile> take(long id) throws IOException {
        var taken = Optional.ofNullable(file);
        if (taken.isPresent()) {
            file = null;
            storage.rename(SegmentNames.SPARE, SegmentNames.log(id));
        }
        return taken;
    }

    /** Gives it up, and its room with it. */
    synchronized void abandon() throws IOException {
        var given = file;
        if (given != null) {
            file = null;
            given.close();
            storage.delete(SegmentNames.SPARE);
        }
    }
}
