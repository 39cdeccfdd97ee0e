// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.channel.EventLoop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One event loop and what is confined to it: its connections, a coarse clock, and how much its
 * clients' unfinished bodies take. Only {@link #execute}, {@link #completions} and {@link #size}
 * are for other threads.
 */
final class Worker {
    private static final int AT_ONCE = 256;

    private final EventLoop loop;
    private final int index;
    private final long maxBodyBytes;
    private final CoarseClock clock = new CoarseClock();
    private final Completions completions = new Completions(this);

    private final ArrayList<Connection> connections = new ArrayList<>();
    private volatile int size;
    private long bodyBytes;

    /** A worker whose clients' unfinished bodies may take so many bytes. */
    Worker(EventLoop loop, int index, long maxBodyBytes) {
        this.loop = loop;
        this.index = index;
        this.maxBodyBytes = maxBodyBytes;
    }

    void startSweeping(Duration period) {
        long nanos = period.toNanos();
        loop.scheduleAtFixedRate(this::sweep, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    EventLoop loop() {
        return loop;
    }

    /** Which of the server's workers this is, from 0 up. */
    int index() {
        return index;
    }

    /** Where exchanges come back that another thread completed. */
    Completions completions() {
        return completions;
    }

    /**
     * Runs something on the event loop.
     *
     * @return false if that has ended: nothing runs
     */
    boolean execute(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /** The time of the last sweep, in the nanoseconds of {@link System#nanoTime}. */
    long now() {
        return clock.nanos();
    }

    /** The header line with the date of now, and its line end. */
    byte[] dateLine() {
        return clock.dateLine();
    }

    /** Takes or gives back room for a body that is not complete; false if there is not enough. */
    boolean reserveBody(long bytes) {
        if (bytes > 0 && bodyBytes + bytes > maxBodyBytes) {
            return false;
        }
        bodyBytes += bytes;
        return true;
    }

    /** How many connections are open; for any thread. */
    int size() {
        return size;
    }

    void add(Connection connection) {
        connection.slot = connections.size();
        connections.add(connection);
        size = connections.size();
    }

    void remove(Connection connection) {
        Connection moved = connections.removeLast();
        if (moved != connection) {
            connections.set(connection.slot, moved);
            moved.slot = connection.slot;
        }
        connection.slot = -1;
        size = connections.size();
    }

    /** Lets what a connection has become stand in its place. */
    void replace(Connection before, Connection after) {
        after.slot = before.slot;
        connections.set(after.slot, after);
        before.slot = -1;
    }

    private void sweep() {
        clock.refresh();
        for (int at = connections.size() - 1; at >= 0; at--) {
            connections.get(at).sweep(clock.nanos());
        }
    }

    /** Does something to each connection, some at a time so that others get their turn between. */
    void forEach(Consumer<Connection> action) {
        forEach(action, connections.size() - 1);
    }

    private void forEach(Consumer<Connection> action, int last) {
        int at = Math.min(last, connections.size() - 1);
        int stop = Math.max(-1, at - AT_ONCE);
        for (; at > stop; at--) {
            action.accept(connections.get(at));
        }
        if (at >= 0) {
            int next = at;
            execute(() -> forEach(action, next));
        }
    }
}
