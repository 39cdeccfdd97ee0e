// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import java.util.Arrays;

/**
 * What a group has to remember about messages that were given back: how many attempts are spent,
 * and before when not to deliver again. A hash table of primitives, for millions of entries. One
 * thread uses it.
 */
final class AttemptTable {
    private static final int SMALLEST = 16;
    private static final long FREE = -1;

    private long[] positions = free(SMALLEST);
    private int[] attempts = new int[SMALLEST];
    private long[] notBefore = new long[SMALLEST];
    private int size;

    /** Takes one entry. */
    interface Visitor {
        void entry(long position, int attempts, long notBefore);
    }

    int size() {
        return size;
    }

    void put(long position, int spent, long earliest) {
        if (size * 3 >= positions.length * 2) {
            resize(positions.length * 2);
        }
        int slot = find(position);
        if (positions[slot] == FREE) {
            positions[slot] = position;
            size++;
        }
        attempts[slot] = spent;
        notBefore[slot] = earliest;
    }

    void remove(long position) {
        int slot = find(position);
        if (positions[slot] == FREE) {
            return;
        }
        size--;
        close(slot);
        if (positions.length > SMALLEST && size * 8 < positions.length) {
            resize(positions.length / 2);
        }
    }

    /** Fills a free slot from behind, so that no search ends too early. */
    private void close(int slot) {
        int mask = positions.length - 1;
        int hole = slot;
        for (int next = (hole + 1) & mask; positions[next] != FREE; next = (next + 1) & mask) {
            int home = home(positions[next]);
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                positions[hole] = positions[next];
                attempts[hole] = attempts[next];
                notBefore[hole] = notBefore[next];
                hole = next;
            }
        }
        positions[hole] = FREE;
    }

    void removeRange(long from, long to) {
        if (to - from <= size) {
            for (long position = from; position < to; position++) {
                remove(position);
            }
        } else if (size > 0) {
            for (long position : positions.clone()) {
                if (position != FREE && position >= from && position < to) {
                    remove(position);
                }
            }
        }
    }

    void forEach(Visitor visitor) {
        for (int slot = 0; slot < positions.length; slot++) {
            if (positions[slot] != FREE) {
                visitor.entry(positions[slot], attempts[slot], notBefore[slot]);
            }
        }
    }

    private int find(long position) {
        int mask = positions.length - 1;
        int slot = home(position);
        while (positions[slot] != FREE && positions[slot] != position) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long position) {
        return (int) ((position * 0x9E3779B97F4A7C15L) >>> 40) & (positions.length - 1);
    }

    private void resize(int capacity) {
        long[] oldPositions = positions;
        int[] oldAttempts = attempts;
        long[] oldNotBefore = notBefore;
        positions = free(capacity);
        attempts = new int[capacity];
        notBefore = new long[capacity];
        for (int slot = 0; slot < oldPositions.length; slot++) {
            if (oldPositions[slot] != FREE) {
                int to = find(oldPositions[slot]);
                positions[to] = oldPositions[slot];
                attempts[to] = oldAttempts[slot];
                notBefore[to] = oldNotBefore[slot];
            }
        }
    }

    private static long[] free(int capacity) {
        long[] positions = new long[capacity];
        Arrays.fill(positions, FREE);
        return positions;
    }
}
