// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The bare log: publishers hand bytes to one writer thread, which writes what has queued, forces
 * the file, and tells each publisher. No encoding, no checksum, no index, no readers.
 *
 * <p>The file is written with zeros beforehand and used as a ring, so that a write never has to
 * allocate blocks: as fast as appending can be made, and faster than a log that must keep its data.
 */
final class BareLog implements AutoCloseable {
    private static final int FILE_BYTES = 512 << 20;
    private static final int BATCH_BYTES = 4 << 20;

    /** One payload on its way to the disk. */
    abstract static class Entry {
        private final byte[] payload;
        private @Nullable Entry next;

        Entry(byte[] payload) {
            this.payload = payload;
        }

        /** Called by the writer when the payload is on disk. */
        abstract void stored();
    }

    private static final class Waiting extends Entry {
        private final Thread publisher = Thread.currentThread();
        private volatile boolean stored;

        Waiting(byte[] payload) {
            super(payload);
        }

        @Override
        void stored() {
            stored = true;
            LockSupport.unpark(publisher);
        }

        void await() {
            while (!stored) {
                LockSupport.park(this);
            }
        }
    }

    private static final class Promised extends Entry {
        private final CompletableFuture<Void> future = new CompletableFuture<>();

        Promised(byte[] payload) {
            super(payload);
        }

        @Override
        void stored() {
            future.complete(null);
        }
    }

    private final AtomicReference<@Nullable Entry> newest = new AtomicReference<>();
    private final FileChannel file;
    private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
    private final Thread writer;
    private volatile boolean closed;
    private volatile boolean idle;
    private int writtenTo;

    BareLog(Path directory) throws IOException {
        file =
                FileChannel.open(
                        directory.resolve("bare.log"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        preallocate();
        writer = Thread.ofPlatform().name("bare-log-writer").start(this::write);
    }

    private void preallocate() throws IOException {
        for (int at = 0; at < FILE_BYTES; at += BATCH_BYTES) {
            file.write(batch.clear(), at);
        }
        file.force(true);
    }

    void publish(byte[] payload) {
        var entry = new Waiting(payload);
        offer(entry);
        entry.await();
    }

    CompletableFuture<Void> publishAsync(byte[] payload) {
        var entry = new Promised(payload);
        offer(entry);
        return entry.future;
    }

    private void offer(Entry entry) {
        Entry before = newest.get();
        while (true) {
            entry.next = before;
            Entry witness = newest.compareAndExchange(before, entry);
            if (witness == before) {
                break;
            }
            before = witness;
        }
        if (idle) {
            LockSupport.unpark(writer);
        }
    }

    private void write() {
        try {
            while (!closed) {
                Entry oldest = takeAll();
                if (oldest == null) {
                    idle = true;
                    if (newest.get() == null && !closed) {
                        LockSupport.park(this);
                    }
                    idle = false;
                } else {
                    commit(oldest);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes what has queued, in the order in which it was offered. */
    private @Nullable Entry takeAll() {
        Entry reversed = newest.getAndSet(null);
        Entry ordered = null;
        while (reversed != null) {
            Entry next = reversed.next;
            reversed.next = ordered;
            ordered = reversed;
            reversed = next;
        }
        return ordered;
    }

    private void commit(Entry oldest) throws IOException {
        Entry first = oldest;
        while (first != null) {
            batch.clear();
            Entry end = first;
            while (end != null && batch.remaining() >= end.payload.length) {
                batch.put(end.payload);
                end = end.next;
            }
            force();
            for (Entry done = first; done != null && done != end; ) {
                Entry next = done.next;
                done.stored();
                done = next;
            }
            first = end;
        }
    }

    private void force() throws IOException {
        batch.flip();
        if (writtenTo + batch.remaining() > FILE_BYTES) {
            writtenTo = 0;
        }
        while (batch.hasRemaining()) {
            writtenTo += file.write(batch, writtenTo);
        }
        file.force(false);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        closed = true;
        LockSupport.unpark(writer);
        writer.join();
        file.close();
    }
}
