// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** A file of a {@link CrashStorage}: what is seen, what is on the platter, and what is between. */
final class CrashFile {
    byte[] seen = new byte[0];
    int size;
    byte[] durable = new byte[0];
    int durableSize;
    final List<Change> changes = new ArrayList<>();

    /** A write of these bytes, or a truncation when there are none. */
    record Change(int offset, byte[] bytes) {}

    void write(int offset, byte[] bytes) {
        seen = grown(seen, offset + bytes.length);
        System.arraycopy(bytes, 0, seen, offset, bytes.length);
        size = Math.max(size, offset + bytes.length);
        changes.add(new Change(offset, bytes));
    }

    void truncate(int to) {
        if (to < size) {
            Arrays.fill(seen, to, size, (byte) 0);
            size = to;
            changes.add(new Change(to, null));
        }
    }

    void sync() {
        durable = Arrays.copyOf(seen, seen.length);
        durableSize = size;
        changes.clear();
    }

    /** The kernel gives up: pages count as clean, the platter never saw them. */
    void loseChanges() {
        changes.clear();
    }

    CrashFile afterCrash(RandomGenerator random) {
        var result = new CrashFile();
        result.seen = Arrays.copyOf(durable, durable.length);
        result.size = durableSize;
        int mode = random.nextInt(4);
        int prefix = mode == 2 ? random.nextInt(changes.size() + 1) : changes.size();
        for (int i = 0; i < changes.size(); i++) {
            boolean all = mode == 1 || (mode == 2 && i < prefix);
            if (mode == 3 || all) {
                result.survive(changes.get(i), all ? null : random);
            }
        }
        result.durable = Arrays.copyOf(result.seen, result.seen.length);
        result.durableSize = result.size;
        return result;
    }

    /** Takes the sectors of the change that made it to the platter. */
    private void survive(Change change, RandomGenerator random) {
        if (change.bytes == null) {
            if (random == null || random.nextBoolean()) {
                int to = Math.min(size, change.offset);
                Arrays.fill(seen, to, size, (byte) 0);
                size = to;
            }
            return;
        }
        int end = change.offset + change.bytes.length;
        seen = grown(seen, end);
        int percent = random == null ? 100 : 10 + random.nextInt(90);
        for (int at = change.offset; at < end; ) {
            int next = Math.min(end, (at / CrashStorage.SECTOR + 1) * CrashStorage.SECTOR);
            if (random == null || random.nextInt(100) < percent) {
                System.arraycopy(change.bytes, at - change.offset, seen, at, next - at);
                size = Math.max(size, next);
            }
            at = next;
        }
    }

    private static byte[] grown(byte[] bytes, int length) {
        return length <= bytes.length
                ? bytes
                : Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
    }

    CrashFile copy() {
        var copy = new CrashFile();
        copy.seen = Arrays.copyOf(seen, size);
        copy.size = size;
        copy.durable = copy.seen.clone();
        copy.durableSize = size;
        return copy;
    }
}
