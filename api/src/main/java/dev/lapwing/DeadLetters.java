// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.util.List;
import java.util.function.Predicate;

/**
 * The messages of one topic that one group gave up on. They stay until they are redriven or purged.
 * Safe for use by many threads.
 */
public interface DeadLetters {

    /** How many there are. */
    long count();

    /**
     * The oldest of them, without removing any.
     *
     * @param limit how many at the most, from 1 to 10,000
     */
    List<DeadLetter> list(int limit);

    /**
     * Sends all that are there now back to their topic, for this group only: other groups and plain
     * subscribers do not see them again. A crash in between loses nothing and may bring one twice.
     *
     * @return how many were sent back
     */
    long redrive();

    /**
     * Sends those back that the test picks; the others stay.
     *
     * @return how many were sent back
     */
    long redrive(Predicate<DeadLetter> which);

    /**
     * Removes all that are there now.
     *
     * @return how many were removed
     */
    long purge();
}
