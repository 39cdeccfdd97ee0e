// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.Arrays;

/**
 * Where the chunks of one stream are in one segment, in order. One thread adds, any number read;
 * what is added is seen whole or not at all.
 */
final class ChunkIndex {
    private Columns columns;
    private volatile int size;

    ChunkIndex(int capacity) {
        columns = Columns.of(Math.max(capacity, 4));
    }

    void add(int offset, int length, int count, long base, long wall) {
        int at = size;
        if (at == columns.offset.length) {
            columns = columns.grown();
        }
        columns.offset[at] = offset;
        columns.length[at] = length;
        columns.count[at] = count;
        columns.base[at] = base;
        columns.wall[at] = wall;
        size = at + 1;
    }

    int size() {
        return size;
    }

    int offset(int chunk) {
        return columns.offset[chunk];
    }

    int length(int chunk) {
        return columns.length[chunk];
    }

    int count(int chunk) {
        return columns.count[chunk];
    }

    long base(int chunk) {
        return columns.base[chunk];
    }

    long end(int chunk) {
        return base(chunk) + count(chunk);
    }

    long wall(int chunk) {
        return columns.wall[chunk];
    }

    /** The last chunk that begins at or before the position, or -1. */
    int find(long position) {
        int known = size;
        int found = Arrays.binarySearch(columns.base, 0, known, position);
        return found >= 0 ? found : -found - 2;
    }

    /** Parallel arrays; replaced by longer copies, never changed below the published size. */
    private record Columns(int[] offset, int[] length, int[] count, long[] base, long[] wall) {
        static Columns of(int capacity) {
            return new Columns(
                    new int[capacity],
                    new int[capacity],
                    new int[capacity],
                    new long[capacity],
                    new long[capacity]);
        }

        Columns grown() {
            int capacity = offset.length * 2;
            return new Columns(
                    Arrays.copyOf(offset, capacity),
                    Arrays.copyOf(length, capacity),
                    Arrays.copyOf(count, capacity),
                    Arrays.copyOf(base, capacity),
                    Arrays.copyOf(wall, capacity));
        }
    }
}
