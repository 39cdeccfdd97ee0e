// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The deliveries that wait for a worker. Those of one key stand in a lane and are handed out one
 * after the other; those without a key wait for nobody. Safe for use by many threads, under one
 * lock; nothing is called while it is held.
 *
 * <p>A lane exists only as long as its key needs one. With one worker everything is in order by
 * itself, so that there is none but for a key whose message waits for its next attempt.
 */
final class Lanes {

    /** The deliveries of one key, the first of which is out or waits for its next attempt. */
    static final class Lane {
        private final String key;
        private final ArrayDeque<LiveDelivery> waiting = new ArrayDeque<>();
        private boolean held;

        private Lane(String key) {
            this.key = key;
        }
    }

    private final boolean oneWorker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition available = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private final ArrayDeque<LiveDelivery> ready = new ArrayDeque<>();
    private final Map<String, Lane> lanes = new HashMap<>();
    private int sleepers;
    private int active;
    private boolean paused;
    private boolean stopped;

    /** How often workers were asked to put back what they took and have not begun. */
    private volatile int recalls;

    /** How many wait for their next attempt, or behind one that does. */
    private volatile int parked;

    Lanes(boolean oneWorker) {
        this.oneWorker = oneWorker;
    }

    int parked() {
        return parked;
    }

    /** Grows when workers shall put back what they took before and have not begun. */
    int recalls() {
        return recalls;
    }

    /** Takes new deliveries; returns how many workers more could be at work. */
    int add(LiveDelivery[] deliveries) {
        lock.lock();
        try {
            for (LiveDelivery delivery : deliveries) {
                if (oneWorker) {
                    ready.addLast(delivery);
                } else {
                    place(delivery, delivery.message().key().orElse(null));
                }
            }
            return wake();
        } finally {
            lock.unlock();
        }
    }

    private void place(LiveDelivery delivery, @Nullable String key) {
        if (key == null) {
            ready.addLast(delivery);
            return;
        }
        Lane lane = lanes.get(key);
        if (lane == null) {
            delivery.lane = newLane(key);
            ready.addLast(delivery);
        } else {
            waitIn(lane, delivery);
        }
    }

    private Lane newLane(String key) {
        var lane = new Lane(key);
        lanes.put(key, lane);
        recall();
        return lane;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written under the lock alone
    private void recall() {
        recalls++;
    }

    private void waitIn(Lane lane, LiveDelivery delivery) {
        delivery.lane = lane;
        lane.waiting.addLast(delivery);
        if (lane.held) {
            parked++;
        }
    }

    private int wake() {
        if (paused && !stopped) {
            return 0;
        }
        int work = ready.size();
        for (int woken = Math.min(work, sleepers); woken > 0; woken--) {
            available.signal();
        }
        return Math.max(0, work - sleepers);
    }

    /**
     * What a worker calls again and again: it is through with what it took before, if it did, and
     * waits for more. Returns how many deliveries there are, 0 at the end.
     */
    int take(LiveDelivery[] into, boolean again) {
        lock.lock();
        try {
            if (again && --active == 0) {
                idle.signalAll();
            }
            while (!stopped) {
                int taken = paused ? 0 : poll(into, 0);
                if (taken > 0) {
                    active++;
                    return taken;
                }
                sleepers++;
                available.awaitUninterruptibly();
                sleepers--;
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Fills up what a worker has taken, waiting at most so long; returns how many it has then. */
    int fill(LiveDelivery[] into, int have, long nanos) {
        lock.lock();
        try {
            int count = have;
            long left = nanos;
            while (true) {
                if (!paused && !stopped) {
                    count += poll(into, count);
                }
                if (count == into.length || left <= 0 || stopped || paused) {
                    return count;
                }
                sleepers++;
                try {
                    left = available.awaitNanos(left);
                } catch (InterruptedException e) {
                    left = 0;
                } finally {
                    sleepers--;
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes one delivery for a caller that is no worker; null if there was none in time. */
    @Nullable LiveDelivery take(long nanos) throws InterruptedException {
        var one = new LiveDelivery[1];
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!stopped) {
                if (!paused && poll(one, 0) == 1) {
                    return one[0];
                }
                if (left <= 0) {
                    return null;
                }
                sleepers++;
                try {
                    left = available.awaitNanos(left);
                } finally {
                    sleepers--;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private int poll(LiveDelivery[] into, int from) {
        int at = from;
        while (at < into.length) {
            LiveDelivery next = ready.pollFirst();
            if (next == null) {
                break;
            }
            Lane lane = oneWorker && next.lane == null ? laneOf(next) : null;
            if (lane != null) {
                waitIn(lane, next);
            } else {
                into[at++] = next;
            }
        }
        return at - from;
    }

    private @Nullable Lane laneOf(LiveDelivery delivery) {
        return lanes.isEmpty() ? null : delivery.message().key().map(lanes::get).orElse(null);
    }

    /** Puts back what a worker took and has not begun, in front. */
    void putBack(LiveDelivery[] taken, int from, int to) {
        lock.lock();
        try {
            for (int at = to - 1; at >= from; at--) {
                ready.addFirst(taken[at]);
            }
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** A delivery has its outcome, or is lost: the next of its key may go. */
    int done(LiveDelivery delivery) {
        if (delivery.lane == null) {
            return 0;
        }
        lock.lock();
        try {
            Lane lane = delivery.lane;
            LiveDelivery next = lane.waiting.pollFirst();
            if (next != null) {
                ready.addLast(next);
            } else {
                lanes.remove(lane.key);
            }
            return wake();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A delivery waits for its next attempt, and its key with it.
     *
     * @return whether it waits for a time; false if it waits behind another of its key
     */
    boolean hold(LiveDelivery retry) {
        String key = retry.message().key().orElse(null);
        lock.lock();
        try {
            if (key != null && retry.lane == null) {
                Lane held = lanes.get(key);
                if (held != null) {
                    waitIn(held, retry);
                    return false;
                }
                retry.lane = newLane(key);
            }
            parked++;
            if (retry.lane != null) {
                retry.lane.held = true;
                parked += retry.lane.waiting.size();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The time of a held delivery has come; returns how many workers more could be at work. */
    int resume(LiveDelivery retry) {
        lock.lock();
        try {
            parked--;
            if (retry.lane != null) {
                retry.lane.held = false;
                parked -= retry.lane.waiting.size();
            }
            ready.addLast(retry);
            return wake();
        } finally {
            lock.unlock();
        }
    }

    void pause() {
        lock.lock();
        try {
            paused = true;
            recall();
        } finally {
            lock.unlock();
        }
    }

    /** Goes on; returns how many workers more could be at work. */
    int goOn() {
        lock.lock();
        try {
            paused = false;
            return wake();
        } finally {
            lock.unlock();
        }
    }

    /** Hands out nothing more. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            recall();
            available.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no worker is at work; false if the time was over before. */
    boolean awaitIdle(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (active > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return active == 0;
        } finally {
            lock.unlock();
        }
    }
}
