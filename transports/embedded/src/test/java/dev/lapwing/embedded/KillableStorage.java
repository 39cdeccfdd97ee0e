// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.log.MemoryStorage;
import dev.lapwing.log.Storage;
import dev.lapwing.log.StorageFile;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A storage in memory whose process can be killed: from then on nothing more reaches it, and {@link
 * #afterwards} is what the next process finds. It can be full, too.
 */
final class KillableStorage implements Storage {
    private final MemoryStorage files;
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();
    private boolean killed;
    private volatile boolean full;

    KillableStorage() {
        this(MemoryStorage.create());
    }

    private KillableStorage(MemoryStorage files) {
        this.files = files;
    }

    /** Ends the process that uses it, in the middle of whatever it does. */
    KillableStorage afterwards() {
        life.writeLock().lock();
        try {
            killed = true;
            return new KillableStorage(files);
        } finally {
            life.writeLock().unlock();
        }
    }

    /** Takes the room away, or gives it back. */
    void full(boolean isFull) {
        full = isFull;
    }

    private interface Change<T> {
        T run() throws IOException;
    }

    private <T> T alive(Change<T> change) throws IOException {
        life.readLock().lock();
        try {
            if (killed) {
                throw new IOException("killed");
            }
            return change.run();
        } finally {
            life.readLock().unlock();
        }
    }

    @Override
    public String place() {
        return files.place();
    }

    @Override
    public Closeable lock() {
        return () -> {};
    }

    @Override
    public List<String> list() throws IOException {
        return alive(files::list);
    }

    @Override
    public boolean exists(String name) throws IOException {
        return alive(() -> files.exists(name));
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return alive(() -> new File(files.create(name)));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return alive(() -> new File(files.open(name)));
    }

    @Override
    public StorageFile openForReading(String name) throws IOException {
        return alive(() -> new File(files.openForReading(name)));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        alive(() -> {
            files.rename(from, to);
            return to;
        });
    }

    @Override
    public void delete(String name) throws IOException {
        alive(() -> {
            files.delete(name);
            return name;
        });
    }

    @Override
    public void syncDirectory() throws IOException {
        alive(() -> {
            files.syncDirectory();
            return full;
        });
    }

    /** A file that ends with the process. */
    private final class File implements StorageFile {
        private final StorageFile file;

        File(StorageFile file) {
            this.file = file;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return alive(() -> {
                if (full && position + source.remaining() > file.size()) {
                    throw new IOException("No space left on device");
                }
                return file.write(source, position);
            });
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return alive(() -> file.read(target, position));
        }

        @Override
        public void force() throws IOException {
            alive(() -> {
                file.force();
                return full;
            });
        }

        @Override
        public long size() throws IOException {
            return alive(file::size);
        }

        @Override
        public void truncate(long size) throws IOException {
            alive(() -> {
                file.truncate(size);
                return size;
            });
        }

        @Override
        public void preallocate(long from, long to) throws IOException {
            alive(() -> {
                if (full) {
                    throw new IOException("No space left on device");
                }
                long start = Math.max(from, file.size());
                return start < to ? file.write(ByteBuffer.allocate((int) (to - start)), start) : 0;
            });
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
