// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import org.HdrHistogram.Histogram;

import java.util.concurrent.TimeUnit;

/**
 * The account of one fan-out run: which message stands at which place of the order that all
 * subscribers must share, how many of them still lack it, and how long the last one waited. Every
 * subscriber must see every message exactly once and in the same order. Used on the client's one
 * event loop.
 *
 * <p>A message is known by a number; its first eight payload bytes are that number in hexadecimal,
 * so that a subscriber compares one long and parses nothing.
 */
final class Deliveries {
    private static final int RING = 1024;
    private static final int MASK = RING - 1;

    /** What is told when the last subscriber has a message. */
    interface Listener {
        void delivered(int publisher);
    }

    private final int subscribers;
    private final Listener listener;
    private final Histogram latency = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);

    private final long[] textOf = new long[RING];
    private final long[] sentAt = new long[RING];
    private final int[] publisherOf = new int[RING];
    private final boolean[] underWay = new boolean[RING];
    private long published;

    private final long[] textAt = new long[RING];
    private final int[] numberAt = new int[RING];
    private final int[] remainingAt = new int[RING];
    private long ordered;
    private long completed;

    private boolean measuring;

    Deliveries(int subscribers, Listener listener) {
        this.subscribers = subscribers;
        this.listener = listener;
    }

    /** Enters the next message and returns its first eight payload bytes. */
    long publish(int publisher) {
        int slot = (int) published & MASK;
        long text = hexadecimal((int) published);
        textOf[slot] = text;
        sentAt[slot] = System.nanoTime();
        publisherOf[slot] = publisher;
        underWay[slot] = true;
        published++;
        return text;
    }

    /** A subscriber received, as its {@code position}th message, one that begins with the text. */
    void received(long position, long text) {
        if (position == ordered) {
            order(text);
        }
        int place = (int) position & MASK;
        if (textAt[place] != text) {
            throw new IllegalStateException(
                    "message %d of a subscriber is %s; the others got %s there"
                            .formatted(position, printed(text), printed(textAt[place])));
        }
        if (--remainingAt[place] == 0) {
            complete(numberAt[place] & MASK);
        }
    }

    private void order(long text) {
        int number = Integer.parseUnsignedInt(printed(text), 16);
        int slot = number & MASK;
        if (!underWay[slot] || textOf[slot] != text) {
            throw new IllegalStateException(
                    "message " + number + " was never sent or had already been received");
        }
        underWay[slot] = false;
        int place = (int) ordered & MASK;
        textAt[place] = text;
        numberAt[place] = number;
        remainingAt[place] = subscribers;
        ordered++;
    }

    private void complete(int slot) {
        completed++;
        if (measuring) {
            latency.recordValue(System.nanoTime() - sentAt[slot]);
        }
        listener.delivered(publisherOf[slot]);
    }

    void measure(boolean on) {
        measuring = on;
    }

    /** The delay from sending to the last subscriber, in nanoseconds, of the measured messages. */
    Histogram latency() {
        return latency;
    }

    boolean allDelivered() {
        return completed == published;
    }

    long published() {
        return published;
    }

    long completed() {
        return completed;
    }

    private static long hexadecimal(int number) {
        long text = 0;
        for (int shift = 28; shift >= 0; shift -= 4) {
            text = text << 8 | Character.forDigit(number >>> shift & 0xf, 16);
        }
        return text;
    }

    private static String printed(long text) {
        var characters = new StringBuilder(Long.BYTES);
        for (int shift = 56; shift >= 0; shift -= 8) {
            characters.append((char) (text >>> shift & 0xff));
        }
        return characters.toString();
    }
}
