// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

/**
 * Names that belong to Lapwing itself. Users cannot have them: a first word that begins with an
 * underscore is refused.
 */
public final class ReservedNames {

    /**
     * How a topic of dead letters begins. What is sent there is kept although nobody has
     * subscribed: where a broker keeps nothing without a group, the transport makes the group
     * {@link #REDRIVE_GROUP} first.
     */
    public static final String DEAD_LETTERS = "_dead.";

    /** How a topic of replies begins, where replies come over a topic. */
    public static final String REPLIES = "_reply.";

    /** The group that stands for everybody who redrives dead letters. */
    public static final String REDRIVE_GROUP = "_redrive";

    private ReservedNames() {}

    /** Whether this is a topic of dead letters. */
    public static boolean isDeadLetters(String topic) {
        return topic.startsWith(DEAD_LETTERS);
    }
}
