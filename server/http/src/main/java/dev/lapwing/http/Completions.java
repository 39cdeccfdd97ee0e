// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The way by which exchanges that another thread has completed come back to their event loop: one
 * task and one flush for all that have gathered meanwhile.
 */
final class Completions {
    private final Worker worker;
    private final AtomicReference<@Nullable Exchange> newest = new AtomicReference<>();
    private final Runnable task = this::answerAll;
    private final ArrayList<HttpConnection> written = new ArrayList<>();

    Completions(Worker worker) {
        this.worker = worker;
    }

    /** Hands over an exchange that has its outcome; for any thread. */
    void add(Exchange exchange) {
        Exchange before;
        do {
            before = newest.get();
            exchange.nextCompleted = before;
        } while (!newest.compareAndSet(before, exchange));
        if (before == null) {
            worker.execute(task);
        }
    }

    private void answerAll() {
        Exchange oldest = reversed(newest.getAndSet(null));
        while (oldest != null) {
            Exchange next = oldest.nextCompleted;
            oldest.nextCompleted = null;
            HttpConnection connection = oldest.answerWithOutcome();
            if (connection.needsFlush()) {
                written.add(connection);
            }
            oldest = next;
        }
        for (int at = 0; at < written.size(); at++) {
            written.get(at).flush();
        }
        written.clear();
    }

    private static @Nullable Exchange reversed(@Nullable Exchange newest) {
        Exchange oldest = null;
        for (Exchange each = newest; each != null; ) {
            Exchange next = each.nextCompleted;
            each.nextCompleted = oldest;
            oldest = each;
            each = next;
        }
        return oldest;
    }
}
