// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A storage on the heap, gone with the process; the same log without the disk. */
public final class MemoryStorage implements Storage {
    private final Map<String, MemoryFile> files = new ConcurrentHashMap<>();
    private final AtomicBoolean locked = new AtomicBoolean();

    private MemoryStorage() {}

    /** A new, empty storage. */
    public static MemoryStorage create() {
        return new MemoryStorage();
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public Closeable lock() {
        if (!locked.compareAndSet(false, true)) {
            throw new LogLockedException(place());
        }
        return () -> locked.set(false);
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public boolean exists(String name) {
        return files.containsKey(name);
    }

    @Override
    public StorageFile create(String name) throws IOException {
        var file = new MemoryFile();
        if (files.putIfAbsent(name, file) != null) {
            throw new FileAlreadyExistsException(name);
        }
        return file;
    }

    @Override
    public StorageFile open(String name) throws IOException {
        var file = files.get(name);
        if (file == null) {
            throw new NoSuchFileException(name);
        }
        return file;
    }

    @Override
    public StorageFile openForReading(String name) throws IOException {
        return open(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        var file = files.remove(from);
        if (file == null) {
            throw new NoSuchFileException(from);
        }
        files.put(to, file);
    }

    @Override
    public void delete(String name) {
        files.remove(name);
    }

    @Override
    public void syncDirectory() {}

    /** Pages on the heap, made when they are written to. */
    private static final class MemoryFile implements StorageFile {
        private static final int PAGE = 64 * 1024;

        private volatile byte[][] pages = new byte[16][];
        private volatile long size;

        @Override
        public int write(ByteBuffer source, long position) {
            int length = source.remaining();
            long at = position;
            while (source.hasRemaining()) {
                int offset = (int) (at % PAGE);
                int step = Math.min(source.remaining(), PAGE - offset);
                source.get(page((int) (at / PAGE)), offset, step);
                at += step;
            }
            size = Math.max(size, at);
            return length;
        }

        private byte[] page(int number) {
            var current = pages;
            if (number >= current.length) {
                current = Arrays.copyOf(current, Math.max(number + 1, current.length * 2));
                pages = current;
            }
            if (current[number] == null) {
                current[number] = new byte[PAGE];
            }
            return current[number];
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int length = (int) Math.min(target.remaining(), size - position);
            if (length <= 0) {
                return target.hasRemaining() ? -1 : 0;
            }
            var current = pages;
            for (int done = 0; done < length; ) {
                long at = position + done;
                int offset = (int) (at % PAGE);
                int step = Math.min(length - done, PAGE - offset);
                target.put(current[(int) (at / PAGE)], offset, step);
                done += step;
            }
            return length;
        }

        @Override
        public void force() {}

        @Override
        public long size() {
            return size;
        }

        /** Gives whole pages back; what is left of the last one is not cleared. */
        @Override
        public void truncate(long newSize) {
            if (newSize < size) {
                size = newSize;
                int kept = (int) ((newSize + PAGE - 1) / PAGE);
                pages = Arrays.copyOf(pages, Math.max(kept, 1));
            }
        }

        /** Does nothing: there is nothing to gain on the heap. */
        @Override
        public void preallocate(long from, long to) {}

        @Override
        public void close() {}
    }
}
