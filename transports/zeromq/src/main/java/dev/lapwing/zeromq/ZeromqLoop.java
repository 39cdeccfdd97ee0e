// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.zeromq;

import dev.lapwing.ClosedException;

import org.jspecify.annotations.Nullable;
import org.zeromq.ZMQ;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The one thread that touches the sockets of a transport. It works while there is work, and sleeps
 * in a selector on the sockets' signals otherwise: nothing is polled by time.
 *
 * <p>A socket's signal only tells of commands that nobody has looked at. So before it sleeps, the
 * thread has every socket look at its commands ({@link ZMQ.Socket#getEvents}) and tries once more.
 */
final class ZeromqLoop {
    private static final System.Logger LOG = System.getLogger(ZeromqLoop.class.getName());

    /** What works on a socket. Called on the loop only. */
    interface Port {
        /** Moves some messages; true if there may be more. */
        boolean work();

        /** The socket, while it is open. */
        ZMQ.@Nullable Socket socket();
    }

    private record Timer(long due, Runnable task) {}

    private final ZMQ.Context context = ZMQ.context(1);
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>((a, b) -> Long.compare(a.due - b.due, 0));
    private final List<Port> ports = new CopyOnWriteArrayList<>();
    private volatile boolean signalled;
    private volatile boolean asleep;
    private volatile boolean ended;

    ZeromqLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        context.setNotificationExceptionHandler(this::failedInside);
        thread = Thread.ofPlatform().daemon().name("lapwing-zeromq").start(this::run);
    }

    /**
     * JeroMQ's own thread goes on after an exception, and prints it if nobody asks for it. When
     * sockets close, one of their parts can come late with its last word.
     */
    private void failedInside(Thread inside, Throwable failure) {
        LOG.log(
                ended ? Level.DEBUG : Level.WARNING,
                "JeroMQ failed at one event and goes on",
                failure);
    }

    /** Makes sockets; to be used on the loop. */
    ZMQ.Context context() {
        return context;
    }

    /** Runs a task on the loop, soon; not at all once the loop has ended. */
    void execute(Runnable task) {
        tasks.add(task);
        wake();
    }

    /** Has every port look for work. */
    void wake() {
        signalled = true;
        if (asleep) {
            selector.wakeup();
        }
    }

    /**
     * Runs this on the loop and waits for its result.
     *
     * @throws ClosedException if the loop has ended
     */
    <T> T call(Supplier<T> task) {
        if (Thread.currentThread() == thread) {
            return task.get();
        }
        if (ended) {
            throw new ClosedException("The connection over ZeroMQ is closed; connect again");
        }
        var result = new CompletableFuture<T>();
        execute(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException told ? told : e;
        }
    }

    /** Runs a task on the loop when this time has passed; to be called on the loop. */
    void after(Duration delay, Runnable task) {
        timers.add(new Timer(System.nanoTime() + delay.toNanos(), task));
    }

    /** To be called on the loop. */
    void add(Port port) {
        ports.add(port);
    }

    /** To be called on the loop. */
    void remove(Port port) {
        ports.remove(port);
    }

    /** Closes the sockets that are left; to be called on the loop. */
    void closeAll() {
        for (Port port : ports) {
            ZMQ.Socket socket = port.socket();
            if (socket != null) {
                socket.close();
            }
        }
        ports.clear();
    }

    private void run() {
        while (!ended) {
            signalled = false;
            runTasks();
            runTimers();
            if (!workAll()) {
                lookAtCommands();
                if (!workAll()) {
                    sleep();
                }
            }
        }
        runTasks();
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            safely(task);
        }
    }

    private void runTimers() {
        while (!timers.isEmpty() && timers.peek().due - System.nanoTime() <= 0) {
            safely(timers.remove().task);
        }
    }

    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "A task of the ZeroMQ thread failed", e);
        }
    }

    private boolean workAll() {
        boolean busy = false;
        for (Port port : ports) {
            try {
                busy |= port.work();
            } catch (RuntimeException e) {
                ports.remove(port);
                LOG.log(Level.ERROR, "A ZeroMQ socket failed, and is not used any more", e);
            }
        }
        return busy;
    }

    private void lookAtCommands() {
        for (Port port : ports) {
            ZMQ.Socket socket = port.socket();
            if (socket != null) {
                register(socket);
                int unused = socket.getEvents();
            }
        }
    }

    private void register(ZMQ.Socket socket) {
        try {
            if (socket.getFD().keyFor(selector) == null) {
                socket.getFD().register(selector, SelectionKey.OP_READ);
            }
        } catch (ClosedChannelException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sleep() {
        asleep = true;
        try {
            if (!signalled && !ended) {
                if (timers.isEmpty()) {
                    selector.select();
                } else {
                    long left = timers.peek().due - System.nanoTime();
                    selector.select(Math.max(1, left / 1_000_000 + 1));
                }
                selector.selectedKeys().clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            asleep = false;
        }
    }

    /**
     * Runs this last task on the loop, ends the thread, and waits until peers have taken what was
     * sent, as long as the sockets linger. Not to be called on the loop.
     */
    void end(Runnable last) {
        execute(() -> {
            safely(last);
            ended = true;
        });
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        context.term();
        try {
            selector.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "A selector failed to close", e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
