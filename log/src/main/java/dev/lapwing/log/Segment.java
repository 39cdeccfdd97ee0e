// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One file of the log as far as it is stored: its header, where its chunks end, and what it holds
 * of each stream. Any thread reads through it; when it is replaced or deleted it is retired, and
 * its file is closed with the last reader.
 */
final class Segment {
    final SegmentHeader header;
    final Map<Integer, Extent> extents = new ConcurrentHashMap<>();

    /** Where the stored chunks end. */
    volatile long end;

    /** Bytes of the owner's snapshot and the log's own table at the head. */
    volatile long snapshotBytes;

    /** Whether nothing is added any more. */
    volatile boolean sealed;

    /** Whether its index file is written, so that chunks need not be kept in memory. */
    volatile boolean indexed;

    /** Whether damage was met in it, so that it is not rewritten. */
    volatile boolean keptWhole;

    private final Storage storage;
    private @Nullable StorageFile file;
    private int users;
    private boolean retired;
    private long lastUsed;

    Segment(Storage storage, SegmentHeader header, long end) {
        this.storage = storage;
        this.header = header;
        this.end = end;
    }

    long id() {
        return header.id();
    }

    String name() {
        return SegmentNames.log(id());
    }

    /** The stored bytes of the file. */
    long size() {
        return end;
    }

    Extent extent(int stream, long first, long logTime) {
        return extents.computeIfAbsent(stream, id -> new Extent(this, id, first, logTime));
    }

    /** The file, to be given back with {@link #release}; empty when the segment is retired. */
    synchronized Optional<StorageFile> acquire() throws IOException {
        if (retired) {
            return Optional.empty();
        }
        var current = file;
        if (current == null) {
            current = storage.openForReading(name());
            file = current;
        }
        users++;
        return Optional.of(current);
    }

    synchronized void release() {
        users--;
        lastUsed = System.nanoTime();
        if (retired && users == 0) {
            closeFile();
        }
    }

    /** No reader gets the file any more. */
    synchronized void retire() {
        retired = true;
        if (users == 0) {
            closeFile();
        }
    }

    /** Closes the file when nobody reads from it; it is opened again when somebody does. */
    synchronized void closeIfIdle() {
        if (users == 0) {
            closeFile();
        }
    }

    synchronized boolean isOpen() {
        return file != null;
    }

    synchronized boolean isRetired() {
        return retired;
    }

    synchronized long lastUsed() {
        return lastUsed;
    }

    private void closeFile() {
        try (var closing = file) {
            file = null;
        } catch (IOException readOnlyFileLosesNothing) {
            file = null;
        }
    }
}
