// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file on disk.
 *
 * <p>An interrupt closes a {@link FileChannel} under every thread that uses it. Files opened for
 * writing are used by the log's own threads only, which nobody interrupts. A file opened for
 * reading is used by any thread: a channel that an interrupt closed is opened again, and the
 * interrupted thread reads with its interrupt put aside until it is done.
 */
final class DiskFile implements StorageFile {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1024 * 1024);

    private final Path path;
    private final boolean readOnly;
    private volatile FileChannel channel;
    private volatile boolean closed;

    private DiskFile(Path path, FileChannel channel, boolean readOnly) {
        this.path = path;
        this.channel = channel;
        this.readOnly = readOnly;
    }

    static DiskFile create(Path path) throws IOException {
        var channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        return new DiskFile(path, channel, false);
    }

    static DiskFile open(Path path) throws IOException {
        var channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new DiskFile(path, channel, false);
    }

    static DiskFile openForReading(Path path) throws IOException {
        return new DiskFile(path, FileChannel.open(path, StandardOpenOption.READ), true);
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        return channel.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        return readOnly
                ? uninterrupted(current -> current.read(target, position))
                : channel.read(target, position);
    }

    @Override
    public long size() throws IOException {
        return readOnly ? uninterrupted(FileChannel::size) : channel.size();
    }

    /** What is done with a channel. */
    private interface Operation<T> {
        T on(FileChannel channel) throws IOException;
    }

    private <T> T uninterrupted(Operation<T> operation) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                FileChannel current = channel;
                try {
                    return operation.on(current);
                } catch (ClosedByInterruptException own) {
                    interrupted |= Thread.interrupted();
                    reopen(current);
                } catch (ClosedChannelException byAnother) {
                    reopen(current);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void reopen(FileChannel dead) throws IOException {
        if (closed) {
            throw new ClosedChannelException();
        }
        if (channel == dead) {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    @Override
    public void preallocate(long from, long to) throws IOException {
        for (long at = from; at < to; ) {
            var zeros = ZEROS.duplicate().limit((int) Math.min(ZEROS.capacity(), to - at));
            int step = channel.write(zeros, at);
            if (step <= 0) {
                throw new IOException("No space left: nothing was written to " + path);
            }
            at += step;
        }
        channel.force(false);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        channel.close();
    }
}
