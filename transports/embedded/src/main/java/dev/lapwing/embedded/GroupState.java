// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

/**
 * What is stored about one group of one topic. The log's writer thread alone changes it, as the
 * records that say so become durable; while the log opens, the opening thread does.
 */
final class GroupState {
    private final int number;
    private final int topic;
    private final String name;
    private final AckSet settled;
    private final AttemptTable attempts = new AttemptTable();
    private volatile long deliveredTo;

    GroupState(int number, int topic, String name, long start) {
        this.number = number;
        this.topic = topic;
        this.name = name;
        this.settled = new AckSet(start);
        this.deliveredTo = start;
    }

    int number() {
        return number;
    }

    /** The number of its topic. */
    int topic() {
        return topic;
    }

    String name() {
        return name;
    }

    AckSet settled() {
        return settled;
    }

    AttemptTable attempts() {
        return attempts;
    }

    /**
     * Messages below this, and not settled, may have been in a consumer's hands when the process
     * ended: unless there is an entry in {@link #attempts()}, one attempt is spent.
     */
    long deliveredTo() {
        return deliveredTo;
    }

    /** Settles ranges: pairs of the first position and how many. */
    void settle(long[] runs) {
        for (int run = 0; run < runs.length; run += 2) {
            long from = runs[run];
            long to = from + runs[run + 1];
            settled.add(from, to);
            attempts.removeRange(from, to);
        }
    }

    void attempted(long position, int spent, long notBefore) {
        if (!settled.contains(position)) {
            attempts.put(position, spent, notBefore);
        }
    }

    void delivered(long to) {
        deliveredTo = Math.max(deliveredTo, to);
    }
}
