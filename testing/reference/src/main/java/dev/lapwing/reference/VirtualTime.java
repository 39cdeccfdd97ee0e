// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.reference;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Time that stands still until a test moves it. {@link #advance} runs what falls due on the
 * caller's thread, in order, and returns when the broker has done it.
 */
public final class VirtualTime implements BrokerTime, InstantSource {

    private record Due(Instant at, long order, Runnable task) {}

    private final Queue<Due> due =
            new PriorityQueue<>(Comparator.comparing(Due::at).thenComparing(Due::order));
    private Instant now;
    private long order;

    /** Time that begins here. */
    public VirtualTime(Instant start) {
        now = start;
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public Instant instant() {
        return now();
    }

    /** This time as a clock, for {@code ConnectOptions}. */
    public Clock clock() {
        return withZone(ZoneOffset.UTC);
    }

    @Override
    public synchronized void schedule(Duration delay, Runnable task) {
        due.add(new Due(now.plus(delay), order++, task));
    }

    /** Moves time on and runs every task that falls due on the way. */
    public void advance(Duration step) {
        Instant target = now().plus(step);
        for (Runnable task = next(target); task != null; task = next(target)) {
            task.run();
        }
    }

    private synchronized @org.jspecify.annotations.Nullable Runnable next(Instant target) {
        Due first = due.peek();
        if (first == null || first.at().isAfter(target)) {
            now = target;
            return null;
        }
        due.remove();
        now = first.at().isAfter(now) ? first.at() : now;
        return first.task();
    }
}
