// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.ClosedException;
import dev.lapwing.LapwingException;
import dev.lapwing.log.LogException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A group of one topic while the engine runs: hands its messages out to its members, takes them
 * back, and stores what became of them. What is stored is in {@link GroupState}; who has what is in
 * {@link Loans}.
 *
 * <p>Its lock guards the loans. Nothing blocks or reads a file under it; only the {@link Timer}'s
 * lock may be taken inside.
 */
final class Group implements Topic.Reader {
    private static final int TURN = 512;

    private final Topic topic;
    private final GroupState state;
    private final StateLog log;
    private final EngineClock clock;
    private final CompletableFuture<Void> created;
    private final GroupFeed feed;
    private final Pump pump;
    private final Timer.Alarm alarm;
    private final ReentrantLock lock = new ReentrantLock();
    private final Loans loans;
    private boolean dropped;

    /** How many deliveries more wait for their mark, because the last run may have ended badly. */
    private int cautious;

    Group(
            Topic topic,
            GroupState state,
            CompletableFuture<Void> created,
            Engine engine,
            int cautious) {
        this.topic = topic;
        this.state = state;
        this.created = created;
        this.log = engine.stateLog();
        this.clock = engine.clock();
        this.cautious = cautious;
        this.feed = new GroupFeed(this, clock);
        this.loans = new Loans(state.deliveredTo());
        this.pump = new Pump(engine.threads(), this::turn);
        this.alarm = engine.timer().alarm(this::ring);
    }

    Topic topic() {
        return topic;
    }

    GroupState state() {
        return state;
    }

    /** Completes when the group is durable. */
    CompletableFuture<Void> created() {
        return created;
    }

    /** How many messages are with members now. */
    int inFlight() {
        lock.lock();
        try {
            return loans.members().stream().mapToInt(Member::held).sum();
        } finally {
            lock.unlock();
        }
    }

    int memberCount() {
        lock.lock();
        try {
            return loans.members().size();
        } finally {
            lock.unlock();
        }
    }

    Member join(GroupReceiver receiver) {
        Member member = new Member(this, receiver);
        lock.lock();
        try {
            loans.add(member);
        } finally {
            lock.unlock();
        }
        topic.add(this);
        wake();
        return member;
    }

    /**
     * Ends a membership, and gives back what is not settled, without counting the attempt.
     *
     * @return completes when that is durable
     */
    CompletableFuture<Void> leave(Member member) {
        lock.lock();
        try {
            List<LeasedMessage> back = loans.remove(member);
            if (loans.members().isEmpty()) {
                topic.remove(this);
            }
            return remember(back, 0, 0);
        } finally {
            lock.unlock();
            wake();
        }
    }

    /** Takes back what was handed out, but never reached the member's listener. */
    void undelivered(Member member, List<LeasedMessage> messages) {
        giveBack(member, messages, 0, false, new ArrayList<>());
    }

    CompletableFuture<Void> ack(
            Member member, Collection<LeasedMessage> messages, List<LeasedMessage> stale) {
        List<LeasedMessage> settled = takeBack(member, messages, stale, message -> {});
        if (settled.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long[] positions = new long[settled.size()];
        Arrays.setAll(positions, at -> settled.get(at).place());
        return log.append(StateRecord.Settled.of(state.number(), positions));
    }

    /** Gives back for a later time, or for now when the pause is 0. */
    CompletableFuture<Void> giveBack(
            Member member,
            Collection<LeasedMessage> messages,
            long pauseMillis,
            boolean failed,
            List<LeasedMessage> stale) {
        long due = pauseMillis <= 0 ? 0 : clock.now() + pauseMillis;
        int spent = failed ? 1 : 0;
        lock.lock();
        try {
            List<LeasedMessage> back =
                    takeBack(
                            member,
                            messages,
                            stale,
                            message ->
                                    loans.queue(
                                            message.place(), message.attempt() - 1 + spent, due));
            return remember(back, spent, due);
        } finally {
            lock.unlock();
            if (due > 0) {
                alarm.at(due);
            }
            wake();
        }
    }

    /** Renews the lease. */
    void extend(
            Member member,
            Collection<LeasedMessage> messages,
            long leaseMillis,
            List<LeasedMessage> stale) {
        long deadline = clock.now() + leaseMillis;
        takeBack(member, messages, stale, message -> member.hold(message, deadline));
        alarm.at(deadline);
    }

    /** Takes back what the member still has, and puts the rest among the stale ones. */
    private List<LeasedMessage> takeBack(
            Member member,
            Collection<LeasedMessage> messages,
            List<LeasedMessage> stale,
            Consumer<LeasedMessage> then) {
        List<LeasedMessage> taken = new ArrayList<>(messages.size());
        lock.lock();
        try {
            for (LeasedMessage message : messages) {
                if (member.holds(message)) {
                    member.letGo(message);
                    then.accept(message);
                    taken.add(message);
                } else {
                    stale.add(message);
                }
            }
        } finally {
            lock.unlock();
        }
        return taken;
    }

    /**
     * Stores that attempts are spent: those before the present one, and so many more. Called under
     * the lock, so that the records come in the order in which things happened.
     */
    private CompletableFuture<Void> remember(List<LeasedMessage> messages, int spent, long due) {
        if (messages.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        long[] entries = new long[messages.size() * 3];
        int at = 0;
        for (LeasedMessage message : messages) {
            entries[at++] = message.place();
            entries[at++] = message.attempt() - 1 + spent;
            entries[at++] = due;
        }
        return log.append(new StateRecord.Attempted(state.number(), entries));
    }

    @Override
    public void wake() {
        pump.wake();
    }

    /** Hands out what there is, as far as the members have credit. */
    private void turn() {
        int room = room();
        if (room == 0) {
            return;
        }
        GroupFeed.Found found = feed.begin();
        try {
            readAgain(room);
            if (found.messages.size() < room) {
                feed.readFresh(room - found.messages.size());
            }
        } catch (LogException | IllegalArgumentException e) {
            fail(
                    new LapwingException(
                            "Topic '%s' cannot be read: %s".formatted(topic.name(), e.getMessage()),
                            e));
            return;
        }
        settleOver(found);
        markFirst(found.messages);
        boolean more = !found.messages.isEmpty();
        lock.lock();
        try {
            found.forEachWaiting(loans::queue);
            loans.tell(found.gaps);
            List<LeasedMessage> left = loans.handOut(found.messages, clock.now());
            // They may be marked, and others behind them may be out.
            remember(left, 0, 0);
            alarm.at(loans.nextRing());
        } finally {
            lock.unlock();
        }
        if (more) {
            wake();
        }
    }

    private int room() {
        lock.lock();
        try {
            if (dropped) {
                return 0;
            }
            int room = loans.credit(TURN);
            if (room == 0) {
                loans.starve();
                // Credit that came before it was noted that it is needed has woken nobody.
                room = loans.credit(TURN);
            }
            return room;
        } finally {
            lock.unlock();
        }
    }

    private void readAgain(int limit) {
        for (int count = 0; count < limit; count++) {
            long position;
            int attempts;
            lock.lock();
            try {
                if (!loans.isAnyReady()) {
                    return;
                }
                position = loans.firstReady();
                attempts = loans.pollReady();
            } finally {
                lock.unlock();
            }
            feed.readAgain(position, attempts);
        }
    }

    private void settleOver(GroupFeed.Found found) {
        if (!found.over.isEmpty()) {
            long[] runs = found.over.stream().mapToLong(Long::longValue).toArray();
            log.append(new StateRecord.Settled(state.number(), runs));
        }
    }

    /** After a bad end, a message that may have caused it is counted before it is out again. */
    private void markFirst(List<LeasedMessage> messages) {
        if (cautious <= 0) {
            return;
        }
        cautious -= messages.size();
        try {
            remember(messages, 1, 0).join();
            messages.forEach(message -> message.marked = true);
        } catch (CompletionException closedOrPoisoned) {
            cautious = 0;
        }
    }

    /** On the timer's thread: ends leases, and makes ready what has waited long enough. */
    private void ring() {
        long now = clock.now();
        boolean anyReady;
        lock.lock();
        try {
            loans.ripen(now);
            remember(loans.expire(now), 1, 0);
            anyReady = loans.isAnyReady();
            if (loans.isMarkDue(now)) {
                mark();
            }
            alarm.at(loans.nextRing());
        } finally {
            lock.unlock();
        }
        if (anyReady) {
            wake();
        }
    }

    /** Stores what is out, so that a message that takes the process with it counts an attempt. */
    private void mark() {
        long to = loans.takeUnmarkedTo();
        if (to > 0) {
            log.append(new StateRecord.Delivered(state.number(), to));
        }
        remember(loans.takeUnmarkedRepeats(), 1, 0);
    }

    /** Ends the group for its members. */
    void drop(String reason) {
        fail(new ClosedException(reason));
    }

    @Override
    public void deleted() {
        drop("Topic '%s' was deleted".formatted(topic.name()));
    }

    private void fail(LapwingException cause) {
        List<Member> all;
        lock.lock();
        try {
            dropped = true;
            all = loans.clear();
        } finally {
            lock.unlock();
        }
        topic.remove(this);
        all.forEach(member -> member.receiver().ended(member, cause));
    }
}
