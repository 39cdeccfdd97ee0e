// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A receiver's part in one group: what it holds, by the time at which its lease ends. Guarded by
 * the group's lock, but for what says otherwise.
 */
final class Member {
    private final Group group;
    private final GroupReceiver receiver;
    private final AtomicBoolean starving = new AtomicBoolean();
    private @Nullable LeasedMessage first;
    private @Nullable LeasedMessage last;
    private int held;

    Member(Group group, GroupReceiver receiver) {
        this.group = group;
        this.receiver = receiver;
    }

    Group group() {
        return group;
    }

    GroupReceiver receiver() {
        return receiver;
    }

    /** Whether the group has something for it and it has no credit; any thread. */
    AtomicBoolean starving() {
        return starving;
    }

    int held() {
        return held;
    }

    /** When the first lease ends; {@link Long#MAX_VALUE} when it holds nothing. */
    long firstDeadline() {
        return first == null ? Long.MAX_VALUE : first.deadline;
    }

    /** Since when it holds what it will have to give up first; never, when it holds nothing. */
    long heldSince() {
        return first == null ? Long.MAX_VALUE : first.since;
    }

    boolean holds(LeasedMessage message) {
        return message.holder == this;
    }

    /** Takes a message until the deadline; deadlines mostly grow, so the search is short. */
    void hold(LeasedMessage message, long deadline) {
        message.holder = this;
        message.deadline = deadline;
        LeasedMessage before = last;
        while (before != null && before.deadline > deadline) {
            before = before.earlier;
        }
        LeasedMessage behind = before == null ? first : before.later;
        message.earlier = before;
        message.later = behind;
        if (before == null) {
            first = message;
        } else {
            before.later = message;
        }
        if (behind == null) {
            last = message;
        } else {
            behind.earlier = message;
        }
        held++;
    }

    void letGo(LeasedMessage message) {
        LeasedMessage before = message.earlier;
        LeasedMessage behind = message.later;
        if (before == null) {
            first = behind;
        } else {
            before.later = behind;
        }
        if (behind == null) {
            last = before;
        } else {
            behind.earlier = before;
        }
        message.earlier = null;
        message.later = null;
        message.holder = null;
        held--;
    }

    /** Lets go of everything whose lease has ended by now. */
    List<LeasedMessage> letGoUntil(long now) {
        List<LeasedMessage> gone = List.of();
        LeasedMessage message = first;
        while (message != null && message.deadline <= now) {
            gone = gone.isEmpty() ? new ArrayList<>() : gone;
            gone.add(message);
            letGo(message);
            message = first;
        }
        return gone;
    }

    void forEachHeld(Consumer<LeasedMessage> visitor) {
        for (LeasedMessage message = first; message != null; message = message.later) {
            visitor.accept(message);
        }
    }
}
