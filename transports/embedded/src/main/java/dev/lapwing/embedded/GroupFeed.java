// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Gap;
import dev.lapwing.log.Damage;
import dev.lapwing.log.LogReader;
import dev.lapwing.log.RecordConsumer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the messages of a topic for one group: first those that no member has had since the engine
 * opened, in order, past what was settled before; and single ones once more. Owned by the turn of
 * the group's {@link Pump}.
 */
final class GroupFeed implements RecordConsumer {
    private static final int FAR = 1024;
    private static final long TURN_BYTES = 1 << 20;

    private final Group group;
    private final Topic topic;
    private final GroupState state;
    private final EngineClock clock;
    private final LogReader fresh;
    private final LogReader again;
    private final long restoredTo;
    private long[] restored;
    private int nextRestored;

    private long expected;
    private int wantedAttempts;
    private Found found = new Found();
    private volatile long cursor;

    /** What reading brought; for a position: the position and how many from there. */
    static final class Found {
        final List<LeasedMessage> messages = new ArrayList<>();
        final List<Gap> gaps = new ArrayList<>();

        /** Runs of positions that are over without being delivered: expired, or lost. */
        final List<Long> over = new ArrayList<>();

        /** Triples as in {@link StateRecord.Attempted}: given back before, and not yet due. */
        private final List<Long> waiting = new ArrayList<>();

        void forEachWaiting(AttemptTable.Visitor visitor) {
            for (int entry = 0; entry < waiting.size(); entry += 3) {
                visitor.entry(
                        waiting.get(entry),
                        waiting.get(entry + 1).intValue(),
                        waiting.get(entry + 2));
            }
        }
    }

    GroupFeed(Group group, EngineClock clock) {
        this.group = group;
        this.topic = group.topic();
        this.state = group.state();
        this.clock = clock;
        this.restoredTo = state.deliveredTo();
        this.restored = sorted(state.attempts());
        this.expected = state.settled().floor();
        this.cursor = expected;
        this.fresh = topic.stream().reader(expected);
        this.again = topic.stream().reader(expected);
    }

    private static long[] sorted(AttemptTable table) {
        List<long[]> entries = new ArrayList<>(table.size());
        table.forEach((position, spent, notBefore) ->
                entries.add(new long[] {position, spent, notBefore}));
        entries.sort((one, other) -> Long.compare(one[0], other[0]));
        return entries.stream().flatMapToLong(Arrays::stream).toArray();
    }

    /** The position of the next message that no member has had; any thread. */
    long cursor() {
        return cursor;
    }

    /** Begins to collect anew. */
    Found begin() {
        found = new Found();
        return found;
    }

    /** Reads at most so many messages that no member has had since the engine opened. */
    void readFresh(int limit) {
        int wanted = found.messages.size() + limit;
        while (found.messages.size() < wanted) {
            long next = state.settled().firstUnsettled(expected);
            if (next > expected + FAR) {
                expected = next;
                fresh.seek(next);
            }
            int count = fresh.read(wanted - found.messages.size(), TURN_BYTES, this);
            if (count == 0) {
                break;
            }
        }
        if (expected < topic.stream().first()) {
            lost(expected, topic.stream().first(), "removed before they were read");
        }
        cursor = expected;
    }

    /** Reads one message once more. */
    void readAgain(long position, int attempts) {
        wantedAttempts = attempts;
        int before = found.messages.size() + found.over.size();
        if (position >= topic.stream().first()) {
            if (again.position() != position) {
                again.seek(position);
            }
            again.read(1, 1, new Single(position));
        }
        if (found.messages.size() + found.over.size() == before) {
            gap(position, 1, "removed before it was delivered again");
            over(position, 1);
        }
    }

    /** Takes the one record that was sought, and no other. */
    private final class Single implements RecordConsumer {
        private final long position;

        Single(long position) {
            this.position = position;
        }

        @Override
        public void record(long at, long wallMillis, ByteBuffer bytes) {
            if (at == position) {
                deliver(at, wantedAttempts, bytes);
            }
        }

        @Override
        public void damaged(Damage damage) {}
    }

    @Override
    public void record(long position, long wallMillis, ByteBuffer bytes) {
        if (position > expected) {
            lost(expected, position, "removed before they were read");
        }
        expected = position + 1;
        if (state.settled().contains(position)) {
            return;
        }
        while (nextRestored < restored.length && restored[nextRestored] < position) {
            nextRestored += 3;
        }
        if (nextRestored < restored.length && restored[nextRestored] == position) {
            remembered(position, bytes);
        } else {
            deliver(position, position < restoredTo ? 1 : 0, bytes);
        }
    }

    private void remembered(long position, ByteBuffer bytes) {
        long spent = restored[nextRestored + 1];
        long notBefore = restored[nextRestored + 2];
        nextRestored += 3;
        if (nextRestored >= restored.length) {
            restored = new long[0];
            nextRestored = 0;
        }
        if (notBefore > clock.now()) {
            found.waiting.addAll(List.of(position, spent, notBefore));
        } else {
            deliver(position, (int) spent, bytes);
        }
    }

    private void deliver(long position, int attempts, ByteBuffer bytes) {
        if (MessageCodec.isExpired(bytes, clock.now())) {
            over(position, 1);
            return;
        }
        found.messages.add(new LeasedMessage(group, topic, position, bytes, attempts + 1));
    }

    @Override
    public void damaged(Damage damage) {
        if (damage.firstPosition() < 0 || damage.endPosition() <= expected) {
            gap(expected, -1, damage.detail());
            return;
        }
        lost(expected, damage.endPosition(), damage.detail());
    }

    private void lost(long from, long to, String reason) {
        long unsettled = to - from - state.settled().count(from, to);
        if (unsettled > 0) {
            gap(from, unsettled, reason);
            over(from, to - from);
        }
        expected = to;
    }

    private void gap(long from, long count, String reason) {
        var after =
                from == 0
                        ? Optional.<dev.lapwing.Position>empty()
                        : Optional.of(Positions.of(from - 1));
        found.gaps.add(new Gap(topic.name(), after, count, reason));
    }

    private void over(long position, long count) {
        found.over.add(position);
        found.over.add(count);
    }
}
