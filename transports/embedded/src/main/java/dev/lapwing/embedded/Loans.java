// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Gap;

import java.util.ArrayList;
import java.util.List;

/**
 * Who has what in a group, and what waits to be delivered again. Knows no clock, no log and no
 * lock: {@link Group} guards it.
 */
final class Loans {
    /** How long a message may be out before it is stored that it is. */
    static final long MARK_MILLIS = 100;

    private static final int POSITION_BITS = 48;
    private static final int MOST_ATTEMPTS = 0x7FFF;

    private final List<Member> members = new ArrayList<>();

    /** What can be delivered again now: position, attempts. */
    private final LongHeap ready = new LongHeap();

    /** What can be delivered again later: when, attempts and position. */
    private final LongHeap waiting = new LongHeap();

    private int nextMember;
    private long deliveredTo;
    private long markedTo;
    private long markAt = Long.MAX_VALUE;

    /** Nobody has anything; it is stored that messages below this position may be out. */
    Loans(long markedTo) {
        this.markedTo = markedTo;
    }

    List<Member> members() {
        return members;
    }

    boolean isAnyHeld() {
        return members.stream().anyMatch(member -> member.held() > 0);
    }

    void add(Member member) {
        members.add(member);
    }

    /** Ends a membership; what the member has can be delivered again, the attempt uncounted. */
    List<LeasedMessage> remove(Member member) {
        members.remove(member);
        List<LeasedMessage> back = member.letGoUntil(Long.MAX_VALUE);
        back.forEach(message -> ready.add(message.place(), message.attempt() - 1));
        return back;
    }

    /** Ends all memberships. */
    List<Member> clear() {
        List<Member> all = List.copyOf(members);
        members.clear();
        all.forEach(member -> member.letGoUntil(Long.MAX_VALUE));
        return all;
    }

    /** Lets a position be delivered again, at once or from a time on. */
    void queue(long position, int attempts, long due) {
        if (due == 0) {
            ready.add(position, attempts);
        } else {
            long packed = (long) Math.min(attempts, MOST_ATTEMPTS) << POSITION_BITS | position;
            waiting.add(due, packed);
        }
    }

    boolean isAnyReady() {
        return !ready.isEmpty();
    }

    long firstReady() {
        return ready.firstKey();
    }

    /** Takes the first position that can be delivered again; returns its attempts. */
    int pollReady() {
        int attempts = (int) ready.firstValue();
        ready.removeFirst();
        return attempts;
    }

    /** Makes ready what has waited long enough. */
    void ripen(long now) {
        while (waiting.firstKey() <= now) {
            long packed = waiting.firstValue();
            waiting.removeFirst();
            ready.add(packed & (1L << POSITION_BITS) - 1, packed >>> POSITION_BITS);
        }
    }

    /** Ends the leases that are over, tells their holders, and makes the messages ready. */
    List<LeasedMessage> expire(long now) {
        List<LeasedMessage> expired = new ArrayList<>();
        for (Member member : members) {
            List<LeasedMessage> gone = member.letGoUntil(now);
            if (!gone.isEmpty()) {
                member.receiver().lost(gone, "its lease ran out");
                expired.addAll(gone);
            }
        }
        expired.forEach(message -> ready.add(message.place(), message.attempt()));
        return expired;
    }

    void tell(List<Gap> gaps) {
        for (Member member : members) {
            gaps.forEach(member.receiver()::gap);
        }
    }

    /** How many messages the members may get together, at most so many. */
    int credit(int most) {
        int credit = 0;
        for (Member member : members) {
            credit = Math.min(most, credit + Math.min(most, member.receiver().credit()));
        }
        return credit;
    }

    /** Notes with every member that there may be messages for which it has no credit. */
    void starve() {
        members.forEach(member -> member.receiver().starve(member));
    }

    /**
     * Deals messages out in equal shares, beginning with another member each time.
     *
     * @return what nobody has credit for any more; it is ready again
     */
    List<LeasedMessage> handOut(List<LeasedMessage> messages, long now) {
        int from = 0;
        int turns = members.size();
        while (from < messages.size() && !members.isEmpty()) {
            Member member = members.get(nextMember++ % members.size());
            turns--;
            int rest = messages.size() - from;
            int share = turns > 0 ? (rest + turns) / (turns + 1) : rest;
            int count = member.receiver().takeCredit(share);
            if (count > 0) {
                hand(member, List.copyOf(messages.subList(from, from + count)), now);
                from += count;
            } else if (turns < 0 && credit(1) == 0) {
                break;
            }
        }
        nextMember = members.isEmpty() ? 0 : nextMember % members.size();
        List<LeasedMessage> left = messages.subList(from, messages.size());
        left.forEach(message -> ready.add(message.place(), message.attempt() - 1));
        return left;
    }

    private void hand(Member member, List<LeasedMessage> batch, long now) {
        long deadline = now + member.receiver().leaseMillis();
        for (LeasedMessage message : batch) {
            message.since = now;
            member.hold(message, deadline);
            deliveredTo = Math.max(deliveredTo, message.place() + 1);
        }
        member.receiver().deliver(member, batch);
        markAt = Math.min(markAt, now + MARK_MILLIS);
    }

    /** When something is to be done next; {@link Long#MAX_VALUE} for never. */
    long nextRing() {
        long next = Math.min(waiting.firstKey(), markAt);
        for (Member member : members) {
            next = Math.min(next, member.firstDeadline());
        }
        return next;
    }

    /** Whether it is time to look for what has been out for long. */
    boolean isMarkDue(long now) {
        if (now < markAt) {
            return false;
        }
        markAt = isAnyHeld() ? now + MARK_MILLIS : Long.MAX_VALUE;
        return members.stream().anyMatch(member -> member.heldSince() <= now - MARK_MILLIS);
    }

    /** Up to where messages are out of which that is not stored; 0 if there is none. */
    long takeUnmarkedTo() {
        if (deliveredTo <= markedTo) {
            return 0;
        }
        markedTo = deliveredTo;
        return markedTo;
    }

    /** Messages that are out again, and of which that is not stored. */
    List<LeasedMessage> takeUnmarkedRepeats() {
        List<LeasedMessage> repeats = new ArrayList<>();
        for (Member member : members) {
            member.forEachHeld(message -> {
                if (message.attempt() > 1 && !message.marked) {
                    message.marked = true;
                    repeats.add(message);
                }
            });
        }
        return repeats;
    }
}
