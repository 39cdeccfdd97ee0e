// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import java.util.Arrays;

/**
 * One change of what is stored beside the messages. Applying a record twice, or one that a later
 * one has overtaken, changes nothing. {@link StateCodec} writes and reads them.
 */
sealed interface StateRecord {

    /**
     * The name of the log, part of every id that it gives, and the highest number that a topic or a
     * group ever had; the first record of all.
     */
    record Identity(String log, int highestNumber) implements StateRecord {}

    /** The engine is at work, or has closed in order just now. */
    record Running(boolean closed) implements StateRecord {}

    /** A topic, by the number that the other records call it. */
    record TopicCreated(int topic, String name) implements StateRecord {}

    /** A topic is gone, with its groups. */
    record TopicDropped(int topic) implements StateRecord {}

    /** A group of a topic, by the number that the other records call it. */
    record GroupCreated(GroupState group) implements StateRecord {}

    /** A group is gone. */
    record GroupDropped(int group) implements StateRecord {}

    /** A group belongs to every topic that matches, those to come included. */
    record PatternJoined(PatternGroup group) implements StateRecord {}

    /** It does so no longer. */
    record PatternLeft(PatternGroup group) implements StateRecord {}

    /** Messages are settled: pairs of the first position and how many. */
    record Settled(int group, long[] runs) implements StateRecord {

        /** Single positions, in any order. */
        static Settled of(int group, long[] positions) {
            long[] sorted = positions.clone();
            Arrays.sort(sorted);
            long[] runs = new long[sorted.length * 2];
            int used = 0;
            for (long position : sorted) {
                if (used > 0 && runs[used - 2] + runs[used - 1] >= position) {
                    runs[used - 1] = position - runs[used - 2] + 1;
                } else {
                    runs[used++] = position;
                    runs[used++] = 1;
                }
            }
            return new Settled(group, Arrays.copyOf(runs, used));
        }
    }

    /** Messages are settled: the set bits of the words, from the first position on. */
    record SettledWords(int group, long first, long[] words) implements StateRecord {}

    /**
     * Messages were given back, or are out again: triples of the position, the attempts that are
     * spent, and before when by the engine's clock not to deliver it.
     */
    record Attempted(int group, long[] entries) implements StateRecord {}

    /** Messages below this position may be in the hands of consumers. */
    record Delivered(int group, long to) implements StateRecord {}

    /** Ids of the messages of a stream below this position are known; in snapshots only. */
    record IdsKnown(int topic, long to) implements StateRecord {}

    /**
     * An id, and when it was stored by the engine's clock; in snapshots only. Position -1: delayed.
     */
    record IdSeen(int topic, String id, long position, long storedAt) implements StateRecord {}
}
