// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.util.concurrent.locks.LockSupport;

/** The two threads of a log, from opening to closing. Nobody interrupts them. */
final class LogThreads {
    private final Thread writer;
    private final Thread keeper;
    private final Keeper keeping;

    private LogThreads(Thread writer, Thread keeper, Keeper keeping) {
        this.writer = writer;
        this.keeper = keeper;
        this.keeping = keeping;
    }

    static LogThreads start(Log log, Committer committer, CommitQueue queue, Keeper keeping) {
        var where = "lapwing-log " + log.place();
        var writer =
                Thread.ofPlatform()
                        .name(where + " writer")
                        .daemon()
                        .start(() -> write(log, committer, queue));
        var keeper =
                Thread.ofPlatform().name(where + " keeper").daemon().start(() -> keeping.run());
        return new LogThreads(writer, keeper, keeping);
    }

    private static void write(Log log, Committer committer, CommitQueue queue) {
        while (!log.isClosing()) {
            if (!committer.commitOnce()) {
                queue.await(committer.idleNanos());
                if (queue.isEmpty()) {
                    committer.idle();
                }
            }
        }
        committer.finish();
    }

    /** Waits until both are done with what the closing log left them to do. */
    void end() {
        LockSupport.unpark(writer);
        keeping.signal();
        join(writer);
        join(keeper);
    }

    /** Waits even when interrupted: the files must be closed in order. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
