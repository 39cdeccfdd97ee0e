// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The engine's one thread that waits: rings alarms when their time by the {@link EngineClock} has
 * come. Its lock is the innermost of the engine.
 */
final class Timer implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Timer.class.getName());
    private static final long NEVER = Long.MAX_VALUE;

    private final EngineClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Ring> rings = new PriorityQueue<>(Comparator.comparing(Ring::due));
    private final Thread thread =
            Thread.ofPlatform().name("lapwing-timer").daemon().unstarted(this::run);
    private boolean closed;
    private boolean ringing;

    private record Ring(long due, Alarm alarm) {}

    /** Something to be done at a time; rings once for each time that it is set. */
    final class Alarm {
        private final Runnable action;
        private volatile long due = NEVER;

        private Alarm(Runnable action) {
            this.action = action;
        }

        /**
         * Rings at this time at the latest. When it rings earlier, for an earlier time that it was
         * set to, that was all: whoever still waits then sets it again.
         */
        void at(long time) {
            if (time < due) {
                set(this, time);
            }
        }
    }

    Timer(EngineClock clock) {
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    /** An alarm; the action runs on the timer's thread, and must neither block nor read files. */
    Alarm alarm(Runnable action) {
        return new Alarm(action);
    }

    private void set(Alarm alarm, long time) {
        lock.lock();
        try {
            if (time < alarm.due) {
                alarm.due = time;
                rings.add(new Ring(time, alarm));
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (true) {
            Alarm alarm;
            try {
                alarm = next();
            } catch (InterruptedException e) {
                return;
            }
            ring(alarm);
        }
    }

    private static void ring(Alarm alarm) {
        try {
            alarm.action.run();
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "An alarm of the engine failed", e);
        }
    }

    private Alarm next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            ringing = false;
            while (true) {
                if (closed) {
                    throw new InterruptedException();
                }
                Ring first = rings.peek();
                long wait = first == null ? NEVER : first.due() - clock.now();
                if (first == null) {
                    changed.await();
                } else if (wait > 0) {
                    changed.await(wait, TimeUnit.MILLISECONDS);
                } else {
                    rings.remove();
                    if (first.alarm().due == first.due()) {
                        first.alarm().due = NEVER;
                        ringing = true;
                        return first.alarm();
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether everything that was due by now has rung. */
    boolean isAtRest() {
        lock.lock();
        try {
            Ring first = rings.peek();
            return !ringing && (first == null || first.due() > clock.now());
        } finally {
            lock.unlock();
        }
    }

    /** Looks at the clock again, after it was moved by hand. */
    void poke() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, and waits for an alarm that rings just now. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
