// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.List;

/** A directory of the file system, made when it is not there. */
public final class DiskStorage implements Storage {
    private static final String LOCK = "lock";

    private final Path directory;

    private DiskStorage(Path directory) {
        this.directory = directory;
    }

    /** The storage in this directory. */
    public static DiskStorage at(Path directory) {
        return new DiskStorage(directory.toAbsolutePath().normalize());
    }

    @Override
    public String place() {
        return directory.toString();
    }

    @Override
    public Closeable lock() throws IOException {
        createDirectories();
        var channel =
                FileChannel.open(
                        directory.resolve(LOCK),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        if (tryLock(channel)) {
            return channel;
        }
        channel.close();
        throw new LogLockedException(place());
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }

    /** Makes the directory, and its name durable in the parents that were made for it. */
    private void createDirectories() throws IOException {
        var missing = new ArrayDeque<Path>();
        for (Path at = directory; at != null && !Files.exists(at); at = at.getParent()) {
            missing.push(at);
        }
        Files.createDirectories(directory);
        for (Path made : missing) {
            var parent = made.getParent();
            if (parent != null) {
                sync(parent);
            }
        }
    }

    @Override
    public List<String> list() throws IOException {
        try (var paths = Files.list(directory)) {
            return paths.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(LOCK))
                    .toList();
        }
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(directory.resolve(name));
    }

    @Override
    public StorageFile create(String name) throws IOException {
        return DiskFile.create(directory.resolve(name));
    }

    @Override
    public StorageFile open(String name) throws IOException {
        return DiskFile.open(directory.resolve(name));
    }

    @Override
    public StorageFile openForReading(String name) throws IOException {
        return DiskFile.openForReading(directory.resolve(name));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(
                directory.resolve(from),
                directory.resolve(to),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
