// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.Gap;
import dev.lapwing.LapwingException;
import dev.lapwing.spi.Received;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;
import dev.lapwing.spi.SettleReport;
import dev.lapwing.spi.Settlement;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A member of a group, on every topic that matches. What the groups have for its listener goes
 * through one queue, so that the listener is called by one thread at a time.
 */
final class GroupReceiver implements Receiver {
    private final ReceiverRequest request;
    private final ReceiverListener listener;
    private final Consumer<GroupReceiver> onClose;
    private final Map<Group, Member> members = new ConcurrentHashMap<>();
    private final AtomicInteger credit = new AtomicInteger();
    private final Queue<Member> starving = new ConcurrentLinkedQueue<>();
    private final Queue<Runnable> outbox = new ConcurrentLinkedQueue<>();
    private final Pump pump;
    private volatile boolean stopped;
    private volatile boolean closed;

    GroupReceiver(
            ReceiverRequest request,
            ReceiverListener listener,
            Engine engine,
            Consumer<GroupReceiver> onClose) {
        this.request = request;
        this.listener = listener;
        this.onClose = onClose;
        this.pump = new Pump(engine.threads(), this::drainOutbox);
    }

    ReceiverRequest request() {
        return request;
    }

    void join(Group group) {
        members.computeIfAbsent(group, it -> it.join(this));
    }

    long leaseMillis() {
        return Math.max(1, request.lease().toMillis());
    }

    int credit() {
        return stopped ? 0 : credit.get();
    }

    /** Takes credit for at most so many deliveries. */
    int takeCredit(int most) {
        while (!stopped) {
            int have = credit.get();
            int taken = Math.min(have, most);
            if (taken <= 0) {
                return 0;
            }
            if (credit.compareAndSet(have, have - taken)) {
                return taken;
            }
        }
        return 0;
    }

    /** Notes that a group has, or may have, something for which there is no credit. */
    void starve(Member member) {
        if (member.starving().compareAndSet(false, true)) {
            starving.add(member);
        }
    }

    @Override
    public void grant(int deliveries) {
        credit.addAndGet(deliveries);
        for (Member member = starving.poll(); member != null; member = starving.poll()) {
            member.starving().set(false);
            member.group().wake();
        }
    }

    void deliver(Member member, List<LeasedMessage> batch) {
        post(() -> {
            if (stopped) {
                member.group().undelivered(member, batch);
            } else {
                listener.deliver(batch);
            }
        });
    }

    void lost(List<LeasedMessage> deliveries, String reason) {
        post(() -> listener.lost(deliveries, reason));
    }

    void gap(Gap gap) {
        post(() -> listener.gap(gap));
    }

    /** A group of this receiver has ended: with it the receiver, unless it is for a pattern. */
    void ended(Member member, LapwingException cause) {
        members.remove(member.group());
        if (!request.topics().isPattern()) {
            failed(cause);
        }
    }

    void failed(LapwingException cause) {
        stopped = true;
        post(() -> listener.failed(cause));
    }

    private void post(Runnable event) {
        outbox.add(event);
        pump.wake();
    }

    private void drainOutbox() {
        for (Runnable event = outbox.poll(); event != null; event = outbox.poll()) {
            event.run();
        }
    }

    @Override
    public CompletableFuture<SettleReport> settle(
            Settlement settlement, List<? extends Received> deliveries) {
        Map<Group, List<LeasedMessage>> byGroup = new IdentityHashMap<>(1);
        List<LeasedMessage> stale = new ArrayList<>();
        for (Received delivery : deliveries) {
            LeasedMessage message = (LeasedMessage) delivery;
            byGroup.computeIfAbsent(message.group(), it -> new ArrayList<>(deliveries.size()))
                    .add(message);
        }
        List<CompletableFuture<Void>> done = new ArrayList<>(byGroup.size());
        byGroup.forEach((group, messages) -> done.add(settle(settlement, group, messages, stale)));
        CompletableFuture<Void> all =
                done.size() == 1
                        ? done.getFirst()
                        : CompletableFuture.allOf(done.toArray(CompletableFuture[]::new));
        return all.thenApply(nothing ->
                stale.isEmpty() ? SettleReport.allConfirmed() : new SettleReport(true, stale));
    }

    private CompletableFuture<Void> settle(
            Settlement settlement,
            Group group,
            List<LeasedMessage> messages,
            List<LeasedMessage> stale) {
        Member member = members.get(group);
        if (member == null) {
            stale.addAll(messages);
            return CompletableFuture.completedFuture(null);
        }
        return switch (settlement) {
            case Settlement.Ack ack -> group.ack(member, messages, stale);
            case Settlement.GiveBack back ->
                    group.giveBack(member, messages, millis(back.pause()), back.failed(), stale);
            case Settlement.Extend extend -> {
                group.extend(member, messages, millis(extend.lease()), stale);
                yield CompletableFuture.completedFuture(null);
            }
            case Settlement.Reject reject ->
                    CompletableFuture.failedFuture(EmbeddedCapabilities.noDeadLetters());
        };
    }

    private static long millis(Duration duration) {
        return Math.max(duration.isPositive() ? 1 : 0, duration.toMillis());
    }

    @Override
    public CompletableFuture<Void> stop() {
        stopped = true;
        var done = new CompletableFuture<Void>();
        post(() -> done.complete(null));
        return done;
    }

    @Override
    public void close() {
        synchronized (members) {
            if (closed) {
                return;
            }
            closed = true;
        }
        stopped = true;
        onClose.accept(this);
        List<CompletableFuture<Void>> left = new ArrayList<>();
        members.forEach((group, member) -> left.add(group.leave(member)));
        members.clear();
        left.forEach(future -> future.exceptionally(downAnyway -> null).join());
    }
}
