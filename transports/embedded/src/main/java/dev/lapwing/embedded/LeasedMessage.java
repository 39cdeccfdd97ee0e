// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/**
 * A message in the hands of a member of a group, and its place in that member's list. All but the
 * attempt is guarded by the group's lock.
 */
final class LeasedMessage extends StoredMessage {
    private final Group group;
    private final int attempt;

    @Nullable Member holder;
    @Nullable LeasedMessage earlier;
    @Nullable LeasedMessage later;
    long since;
    long deadline;

    /** Whether it is on disk that it was handed out. */
    boolean marked;

    LeasedMessage(Group group, Topic topic, long position, ByteBuffer source, int attempt) {
        super(topic, position, source);
        this.group = group;
        this.attempt = attempt;
    }

    Group group() {
        return group;
    }

    @Override
    public int attempt() {
        return attempt;
    }
}
