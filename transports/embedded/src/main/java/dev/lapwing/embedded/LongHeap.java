// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import java.util.Arrays;

/**
 * Pairs of a key and a value, of which the one with the smallest key comes out first: a binary heap
 * in two arrays, 16 bytes a pair. One thread uses it.
 */
final class LongHeap {
    private static final int SMALLEST = 16;

    private long[] keys = new long[SMALLEST];
    private long[] values = new long[SMALLEST];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** The smallest key; {@link Long#MAX_VALUE} when it is empty. */
    long firstKey() {
        return size == 0 ? Long.MAX_VALUE : keys[0];
    }

    /** The value of the smallest key. */
    long firstValue() {
        return values[0];
    }

    void add(long key, long value) {
        if (size == keys.length) {
            resize(size + (size >> 1));
        }
        int at = size++;
        while (at > 0 && keys[(at - 1) / 2] > key) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        keys[at] = key;
        values[at] = value;
    }

    void removeFirst() {
        size--;
        long key = keys[size];
        long value = values[size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && keys[child + 1] < keys[child]) {
                child++;
            }
            if (keys[child] >= key) {
                break;
            }
            move(child, at);
            at = child;
        }
        keys[at] = key;
        values[at] = value;
        if (keys.length > SMALLEST && size < keys.length / 4) {
            resize(Math.max(SMALLEST, keys.length / 2));
        }
    }

    private void move(int from, int to) {
        keys[to] = keys[from];
        values[to] = values[from];
    }

    private void resize(int capacity) {
        keys = Arrays.copyOf(keys, capacity);
        values = Arrays.copyOf(values, capacity);
    }
}
