// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The way of other threads to the one thread that may use a consumer: a queue of tasks, and a wake
 * that ends whatever the thread waits in. A wake may come just after a wait has ended; then it ends
 * the next one, so that calls that must not be cut short go through {@link #whole}.
 *
 * <p>The queue needs no bound of its own: a task settles deliveries, of which there are no more
 * than credit was granted, and the runtime sends one batch and waits for its report; or it is a
 * look of the watch, one for each refresh, or a stop. The thread waits for the broker for some
 * seconds at most before it runs them.
 */
final class KafkaWaker {

    /** More threads than will ever be between deciding to wake and waking. */
    private static final int MOST_LATE = 10;

    private enum State {
        BUSY,
        CALLING,
        RESTING
    }

    private final Runnable wakeUpCall;
    private final AtomicReference<State> state = new AtomicReference<>(State.BUSY);
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile boolean woken;
    private volatile boolean ended;
    private volatile @Nullable Thread thread;

    KafkaWaker(Runnable wakeUpCall) {
        this.wakeUpCall = wakeUpCall;
    }

    void begin() {
        thread = Thread.currentThread();
    }

    boolean isOwn(Thread candidate) {
        return candidate == thread;
    }

    /** Takes a task; false if nobody will run it. */
    boolean execute(Runnable task) {
        if (ended) {
            return false;
        }
        tasks.add(task);
        if (ended && tasks.remove(task)) {
            return false;
        }
        wake();
        return true;
    }

    void wake() {
        woken = true;
        if (state.compareAndSet(State.CALLING, State.BUSY)) {
            wakeUpCall.run();
        } else if (state.compareAndSet(State.RESTING, State.BUSY)) {
            LockSupport.unpark(thread);
        }
    }

    void runTasks() {
        woken = false;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Makes a call that may wait; at once over if there was a wake since the tasks were run. */
    <T> T calling(Supplier<T> call) {
        state.set(State.CALLING);
        try {
            if (woken) {
                throw new WakeupException();
            }
            return call.get();
        } finally {
            state.set(State.BUSY);
        }
    }

    /**
     * Runs a part of a call that must not be cut short; a wake meanwhile ends the call after it.
     */
    void undisturbed(Runnable part) {
        State before = state.getAndSet(State.BUSY);
        try {
            part.run();
        } finally {
            state.set(before);
            if (woken) {
                wake();
            }
        }
    }

    /** Makes a call that a wake that is late does not end. */
    static <T> T whole(Supplier<T> call) {
        WakeupException late = null;
        for (int tries = 0; tries < MOST_LATE; tries++) {
            try {
                return call.get();
            } catch (WakeupException e) {
                late = e;
            }
        }
        throw Objects.requireNonNull(late);
    }

    /** Waits for a wake. */
    void rest(long nanos) {
        state.set(State.RESTING);
        if (!woken) {
            LockSupport.parkNanos(this, nanos);
        }
        state.set(State.BUSY);
    }

    /** No task will run from now on; those that are left run now. */
    void end() {
        ended = true;
        runTasks();
    }
}
