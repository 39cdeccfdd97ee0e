// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What is open on one channel, by its tag: messages that wait for their confirm, or deliveries that
 * wait to be settled. Tags are 1, 2, 3 and so on. Safe for use by many threads; its monitor is held
 * only to look and to note, never while something is written.
 */
final class RabbitTags<T> {
    private static final int FIRST_SIZE = 64;

    private @Nullable Object[] ring = new Object[FIRST_SIZE];

    /** The lowest tag that may be open, and the one that comes next. */
    private long lowest = 1;

    private long next = 1;
    private int open;
    private boolean closed;

    /** Where the search for a returned message goes on. */
    private long searched = 1;

    /**
     * Gives the next tags, in order.
     *
     * @return the first of them, or 0 if this is closed
     */
    synchronized long add(List<? extends T> things) {
        if (closed) {
            return 0;
        }
        while (next + things.size() - lowest > ring.length) {
            grow();
        }
        long first = next;
        for (T thing : things) {
            ring[slot(next++)] = thing;
        }
        open += things.size();
        return first;
    }

    private void grow() {
        @Nullable Object[] larger = new Object[ring.length * 2];
        for (long tag = lowest; tag < next; tag++) {
            larger[(int) (tag & (larger.length - 1))] = ring[slot(tag)];
        }
        ring = larger;
    }

    private int slot(long tag) {
        return (int) (tag & (ring.length - 1));
    }

    @SuppressWarnings("unchecked") // only add fills the ring
    private @Nullable T at(long tag) {
        return (T) ring[slot(tag)];
    }

    /** Takes what has this tag; null if it is not open. */
    synchronized @Nullable T remove(long tag) {
        if (tag < lowest || tag >= next) {
            return null;
        }
        T thing = at(tag);
        if (thing != null) {
            ring[slot(tag)] = null;
            open--;
            skip();
        }
        return thing;
    }

    private void skip() {
        while (lowest < next && ring[slot(lowest)] == null) {
            lowest++;
        }
    }

    /** Takes everything up to and with this tag, in order. */
    synchronized List<T> removeTo(long tag) {
        return removeRange(lowest, Math.min(tag + 1, next));
    }

    /** Takes everything from this tag on, in order. */
    synchronized List<T> removeFrom(long tag) {
        return removeRange(Math.max(tag, lowest), next);
    }

    /**
     * Takes everything from this tag on, in order, and gives these tags again: nothing was written
     * under them, which only the one who adds can know.
     */
    synchronized List<T> takeBackFrom(long tag) {
        List<T> things = removeFrom(tag);
        next = tag;
        lowest = Math.min(lowest, next);
        return things;
    }

    private List<T> removeRange(long from, long to) {
        var things = new ArrayList<T>();
        for (long tag = from; tag < to; tag++) {
            T thing = at(tag);
            if (thing != null) {
                ring[slot(tag)] = null;
                things.add(thing);
            }
        }
        open -= things.size();
        skip();
        return things;
    }

    /** Takes everything, and gives no more tags. */
    synchronized List<T> close() {
        closed = true;
        return removeRange(lowest, next);
    }

    /** The lowest tag that is open; the next one if none is. */
    synchronized long lowest() {
        return lowest;
    }

    /** How many are open. */
    synchronized int open() {
        return open;
    }

    /**
     * The first one behind the one found before, or else the first one at all, that is sought. What
     * is looked for in the order of the tags is found at once.
     */
    synchronized @Nullable T find(Predicate<T> sought) {
        T found = find(Math.max(searched, lowest), next, sought);
        return found != null ? found : find(lowest, Math.min(searched, next), sought);
    }

    private @Nullable T find(long from, long to, Predicate<T> sought) {
        for (long tag = from; tag < to; tag++) {
            T thing = at(tag);
            if (thing != null && sought.test(thing)) {
                searched = tag + 1;
                return thing;
            }
        }
        return null;
    }
}
