// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The positions of a topic that a group has settled: everything below the floor, and single ones
 * above it as bits in pages. A page whose bits are all set is shared, so that the worst case takes
 * one bit for each position between the floor and the highest settled one.
 *
 * <p>The log's writer thread alone changes it; any thread may ask. What a reader sees of a position
 * that is being settled at the same time may be the old or the new answer.
 */
final class AckSet {
    static final int PAGE_BITS = 1 << 14;
    private static final int PAGE_WORDS = PAGE_BITS / Long.SIZE;
    private static final Page FULL = new Page(fullWords(), PAGE_BITS);

    private final ConcurrentHashMap<Long, Page> pages = new ConcurrentHashMap<>();
    private volatile long floor;
    private volatile long above;

    /** One page of bits; only the writer thread changes it. */
    private static final class Page {
        private final long[] words;
        private int settled;

        Page(long[] words, int settled) {
            this.words = words;
            this.settled = settled;
        }

        boolean contains(long position) {
            int bit = (int) (position & (PAGE_BITS - 1));
            return (words[bit / Long.SIZE] & (1L << bit)) != 0;
        }

        boolean add(long position) {
            int bit = (int) (position & (PAGE_BITS - 1));
            long mask = 1L << bit;
            if ((words[bit / Long.SIZE] & mask) != 0) {
                return false;
            }
            words[bit / Long.SIZE] |= mask;
            settled++;
            return true;
        }

        /** How many bits are set from one bit up to another, exclusive. */
        int count(int from, int to) {
            int count = 0;
            for (int bit = from; bit < to; ) {
                int wordEnd = (bit / Long.SIZE + 1) * Long.SIZE;
                long bits = words[bit / Long.SIZE] >>> bit;
                if (wordEnd > to) {
                    bits &= (1L << (to - bit)) - 1;
                }
                count += Long.bitCount(bits);
                bit = wordEnd;
            }
            return count;
        }

        /** The first position from this one on, within the page, whose bit is clear. */
        long firstClear(long position) {
            int bit = (int) (position & (PAGE_BITS - 1));
            int word = bit / Long.SIZE;
            long clear = ~words[word] & (-1L << bit);
            while (clear == 0 && ++word < PAGE_WORDS) {
                clear = ~words[word];
            }
            long start = position - bit;
            return clear == 0
                    ? start + PAGE_BITS
                    : start + (long) word * Long.SIZE + Long.numberOfTrailingZeros(clear);
        }
    }

    AckSet(long floor) {
        this.floor = floor;
    }

    /** Everything below is settled, and this position is not. */
    long floor() {
        return floor;
    }

    /** How many are settled above the floor. */
    long above() {
        return above;
    }

    boolean contains(long position) {
        if (position < floor) {
            return true;
        }
        Page page = pages.get(position / PAGE_BITS);
        // A page goes away after the floor has passed it.
        return page != null ? page.contains(position) : position < floor;
    }

    /** The first position from this one on that is not settled. */
    long firstUnsettled(long from) {
        return Math.max(firstClear(Math.max(from, floor)), floor);
    }

    /** How many positions of a range are settled. */
    long count(long from, long to) {
        long passed = Math.clamp(floor - from, 0, Math.max(0, to - from));
        return passed + countBits(from + passed, to);
    }

    private long countBits(long from, long to) {
        if ((to - from) / PAGE_BITS <= pages.size()) {
            long count = 0;
            for (long number = from / PAGE_BITS; number * PAGE_BITS < to; number++) {
                count += countBits(number, pages.get(number), from, to);
            }
            return count;
        }
        return pages.entrySet().stream()
                .mapToLong(entry -> countBits(entry.getKey(), entry.getValue(), from, to))
                .sum();
    }

    private static int countBits(long number, @Nullable Page page, long from, long to) {
        long start = number * PAGE_BITS;
        return page == null
                ? 0
                : page.count(
                        (int) Math.clamp(from - start, 0, PAGE_BITS),
                        (int) Math.clamp(to - start, 0, PAGE_BITS));
    }

    /** Settles a range. */
    void add(long from, long to) {
        if (from <= floor) {
            if (to > floor) {
                raise(to);
            }
            return;
        }
        for (long position = from; position < to; position++) {
            set(position);
        }
    }

    private void set(long position) {
        long number = position / PAGE_BITS;
        Page page = pages.get(number);
        if (page == null) {
            page = new Page(new long[PAGE_WORDS], 0);
            pages.put(number, page);
        }
        if (page.add(position)) {
            above(1);
            if (page.settled == PAGE_BITS) {
                pages.put(number, FULL);
            }
        }
    }

    /** Sets the bits of whole words. */
    void addWords(long first, long[] words) {
        for (int word = 0; word < words.length; word++) {
            for (long rest = words[word]; rest != 0; rest &= rest - 1) {
                long position = first + (long) word * Long.SIZE + Long.numberOfTrailingZeros(rest);
                if (position >= floor) {
                    set(position);
                }
            }
        }
    }

    /** Moves the floor up to a position, and on over what is settled there. */
    private void raise(long to) {
        long old = floor;
        long next = firstClear(to);
        if (pages.isEmpty()) {
            floor = next;
            return;
        }
        above(-countBits(old, next));
        floor = next;
        long gone = next / PAGE_BITS;
        if (gone - old / PAGE_BITS > pages.size()) {
            pages.keySet().removeIf(number -> number < gone);
        } else {
            for (long number = old / PAGE_BITS; number < gone; number++) {
                pages.remove(number);
            }
        }
    }

    private long firstClear(long from) {
        long position = from;
        Page page;
        while ((page = pages.get(position / PAGE_BITS)) != null) {
            long clear = page.firstClear(position);
            if (clear / PAGE_BITS == position / PAGE_BITS) {
                return clear;
            }
            position = clear;
        }
        return position;
    }

    @SuppressWarnings("NonAtomicOperationOnVolatileField") // one thread writes
    private void above(long change) {
        above += change;
    }

    /** Takes the bits of one page. */
    interface PageVisitor {
        void page(long first, long[] words);
    }

    /** Shows every page above the floor, in order; its first word may reach below the floor. */
    void forEachPage(PageVisitor visitor) {
        long[] numbers = pages.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        for (long number : numbers) {
            @Nullable Page page = pages.get(number);
            if (page != null && page.settled > 0) {
                visitor.page(number * PAGE_BITS, page.words);
            }
        }
    }

    private static long[] fullWords() {
        long[] words = new long[PAGE_WORDS];
        Arrays.fill(words, -1L);
        return words;
    }
}
