// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * A disk that can lose power. It keeps apart what programs see and what is on the platter: writes
 * that were not forced survive sector by sector or not, in any combination, and so do changes of
 * the directory that were not synced. It also breaks on demand, and fills up.
 */
final class CrashStorage implements Storage {
    static final int SECTOR = 512;

    private final TreeMap<String, CrashFile> names = new TreeMap<>();
    private final TreeMap<String, CrashFile> durableNames = new TreeMap<>();
    private final List<DirectoryChange> changes = new ArrayList<>();
    private boolean locked;
    private boolean broke;

    /** Hears before each operation that changes anything. */
    Runnable beforeChange = () -> {};

    /** Syncs that this call site asks for do nothing. */
    String swallowedSite = "";

    /** The call sites that asked for a sync; only kept when it is not null. */
    Set<String> sites;

    /** Fails the operation when the count down reaches zero; negative never does. */
    int writesUntilError = -1;

    int forcesUntilError = -1;
    int directorySyncsUntilError = -1;

    /** How many bytes the disk has in all. */
    long capacity = Long.MAX_VALUE;

    private record DirectoryChange(String name, CrashFile inode, String removed) {}

    /** What is left after the power went away now; this storage stays as it is. */
    CrashStorage crash(RandomGenerator random) {
        var result = new CrashStorage();
        var survivors = new TreeMap<>(durableNames);
        int mode = random.nextInt(3);
        int prefix = mode == 1 ? random.nextInt(changes.size() + 1) : changes.size();
        for (int i = 0; i < changes.size(); i++) {
            if (mode == 2 ? random.nextBoolean() : i < prefix) {
                var change = changes.get(i);
                if (change.removed != null) {
                    survivors.remove(change.removed);
                }
                if (change.name != null) {
                    survivors.put(change.name, change.inode);
                }
            }
        }
        survivors.forEach((name, inode) -> result.names.put(name, inode.afterCrash(random)));
        result.durableNames.putAll(result.names);
        result.swallowedSite = swallowedSite;
        result.sites = sites;
        return result;
    }

    /**
     * What another process sees after this one was killed; the platter knows no more than before.
     */
    void kill() {
        locked = false;
        beforeChange = () -> {};
    }

    /** Everything as it is seen, and all of it on the platter. */
    CrashStorage copy() {
        var copy = new CrashStorage();
        names.forEach((name, inode) -> copy.names.put(name, inode.copy()));
        copy.durableNames.putAll(copy.names);
        return copy;
    }

    byte[] content(String name) {
        var inode = names.get(name);
        return Arrays.copyOf(inode.seen, inode.size);
    }

    void flip(String name, int offset, int bit) {
        var inode = names.get(name);
        inode.seen[offset] ^= (byte) (1 << bit);
        inode.durable[offset] ^= (byte) (1 << bit);
    }

    /** The files that would be there, or not be there, after a crash, unlike now. */
    Set<String> unsyncedNames() {
        var different = new TreeSet<>(new HashSet<>(names.keySet()));
        different.addAll(durableNames.keySet());
        different.removeIf(name -> names.get(name) == durableNames.get(name));
        return different;
    }

    long used() {
        return names.values().stream().mapToLong(inode -> inode.size).sum();
    }

    private boolean swallowed() {
        if (sites == null && swallowedSite.isEmpty()) {
            return false;
        }
        var site =
                StackWalker.getInstance()
                        .walk(frames ->
                                frames.filter(frame -> !isOwn(frame.getClassName()))
                                        .findFirst()
                                        .map(frame ->
                                                "%s.%s:%d"
                                                        .formatted(
                                                                frame.getClassName()
                                                                        .replaceAll(".*\\.", ""),
                                                                frame.getMethodName(),
                                                                frame.getLineNumber()))
                                        .orElse("?"));
        if (sites != null) {
            sites.add(site);
        }
        return site.equals(swallowedSite);
    }

    private static boolean isOwn(String className) {
        return className.contains("CrashStorage") || className.endsWith("SegmentWriter");
    }

    private boolean fails(int countDown) {
        broke |= countDown == 0;
        return countDown == 0;
    }

    /** Whether an operation failed since the disk was last mended. */
    boolean broke() {
        return broke;
    }

    /** Nothing fails from now on. */
    void mend() {
        writesUntilError = -1;
        forcesUntilError = -1;
        directorySyncsUntilError = -1;
        broke = false;
    }

    @Override
    public String place() {
        return "crash storage";
    }

    @Override
    public Closeable lock() {
        if (locked) {
            throw new LogLockedException(place());
        }
        locked = true;
        return () -> locked = false;
    }

    @Override
    public List<String> list() {
        return List.copyOf(names.keySet());
    }

    @Override
    public boolean exists(String name) {
        return names.containsKey(name);
    }

    @Override
    public StorageFile create(String name) throws IOException {
        beforeChange.run();
        if (names.containsKey(name)) {
            throw new FileAlreadyExistsException(name);
        }
        var inode = new CrashFile();
        names.put(name, inode);
        changes.add(new DirectoryChange(name, inode, null));
        return new Handle(inode);
    }

    @Override
    public StorageFile open(String name) throws IOException {
        var inode = names.get(name);
        if (inode == null) {
            throw new NoSuchFileException(name);
        }
        return new Handle(inode);
    }

    @Override
    public StorageFile openForReading(String name) throws IOException {
        return open(name);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        beforeChange.run();
        var inode = names.remove(from);
        if (inode == null) {
            throw new NoSuchFileException(from);
        }
        names.put(to, inode);
        changes.add(new DirectoryChange(to, inode, from));
    }

    @Override
    public void delete(String name) {
        if (names.containsKey(name)) {
            beforeChange.run();
            names.remove(name);
            changes.add(new DirectoryChange(null, null, name));
        }
    }

    @Override
    public void syncDirectory() throws IOException {
        beforeChange.run();
        if (directorySyncsUntilError >= 0 && fails(directorySyncsUntilError--)) {
            changes.clear();
            throw new IOException("Input/output error");
        }
        if (!swallowed()) {
            durableNames.clear();
            durableNames.putAll(names);
            changes.clear();
        }
    }

    private final class Handle implements StorageFile {
        private final CrashFile inode;

        Handle(CrashFile inode) {
            this.inode = inode;
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            beforeChange.run();
            int length = source.remaining();
            if (writesUntilError >= 0 && fails(writesUntilError--)) {
                put(source, position, length / 2);
                throw new IOException("Input/output error");
            }
            long growth = Math.max(0, position + length - inode.size);
            long room = capacity - used();
            if (growth > room) {
                length -= (int) Math.min(length, growth - Math.max(0, room));
                if (length <= 0) {
                    throw new IOException("No space left on device");
                }
            }
            put(source, position, length);
            return length;
        }

        private void put(ByteBuffer source, long position, int length) {
            var bytes = new byte[length];
            source.get(bytes);
            inode.write((int) position, bytes);
        }

        @Override
        public int read(ByteBuffer target, long position) {
            int length = (int) Math.min(target.remaining(), inode.size - position);
            if (length <= 0) {
                return -1;
            }
            target.put(inode.seen, (int) position, length);
            return length;
        }

        @Override
        public void force() throws IOException {
            beforeChange.run();
            if (forcesUntilError >= 0 && fails(forcesUntilError--)) {
                inode.loseChanges();
                throw new IOException("Input/output error");
            }
            if (!swallowed()) {
                inode.sync();
            }
        }

        @Override
        public long size() {
            return inode.size;
        }

        @Override
        public void truncate(long size) {
            beforeChange.run();
            inode.truncate((int) size);
        }

        @Override
        public void preallocate(long from, long to) throws IOException {
            write(ByteBuffer.allocate((int) (to - from)), from);
            if (inode.size < to) {
                throw new IOException("No space left on device");
            }
        }

        @Override
        public void close() {}
    }
}
