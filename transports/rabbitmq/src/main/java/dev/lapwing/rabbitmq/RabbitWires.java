// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Connection;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

/**
 * What a link is made of from one connect to the next break: a connection that publishes, and from
 * the first receiver on a second one that consumes. RabbitMQ stops reading from a connection that
 * publishes while it is short of memory or disk; acknowledgements on the same connection would wait
 * there too, and the queues could never get shorter. When one of the two breaks, both are given up.
 */
final class RabbitWires {
    private final RabbitConnector connector;
    private final BiConsumer<RabbitWires, Throwable> onBreak;
    private final Connection publishing;
    private final ReentrantLock connecting = new ReentrantLock();
    private final AtomicBoolean broken = new AtomicBoolean();
    private @Nullable Connection consuming;

    /** Connects; the break is told once, on any thread. */
    RabbitWires(RabbitConnector connector, BiConsumer<RabbitWires, Throwable> onBreak)
            throws IOException, TimeoutException {
        this.connector = connector;
        this.onBreak = onBreak;
        publishing = connector.connect("lapwing publisher");
        publishing.addShutdownListener(this::broke);
    }

    Connection publishing() {
        return publishing;
    }

    /** The connection for receivers, which is made when it is first asked for. */
    Connection consuming() throws IOException {
        connecting.lock();
        try {
            Connection known = consuming;
            if (known == null) {
                known = connector.connect("lapwing consumer");
                consuming = known;
                known.addShutdownListener(this::broke);
            }
            return known;
        } catch (TimeoutException e) {
            throw new IOException("no answer in time", e);
        } finally {
            connecting.unlock();
        }
    }

    /** Gives both connections up for a reason. */
    void broke(Throwable reason) {
        if (broken.compareAndSet(false, true)) {
            onBreak.accept(this, reason);
        }
    }

    boolean isUp() {
        return !broken.get();
    }

    /** Ends both connections without waiting for the broker. */
    void abort() {
        broken.set(true);
        publishing.abort(1);
        Connection known = consuming;
        if (known != null) {
            known.abort(1);
        }
    }

    /** Ends both connections in order, and waits for it no longer than this. */
    void close(int millis) {
        broken.set(true);
        publishing.abort(millis);
        Connection known = consuming;
        if (known != null) {
            known.abort(millis);
        }
    }
}
