// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
    private final RabbitWire publishing;
    private final ReentrantLock connecting = new ReentrantLock();
    private final AtomicBoolean broken = new AtomicBoolean();
    private volatile @Nullable RabbitWire consuming;

    /** Connects; the break is told once, on any thread. */
    RabbitWires(RabbitConnector connector, BiConsumer<RabbitWires, Throwable> onBreak)
            throws IOException, TimeoutException {
        this.connector = connector;
        this.onBreak = onBreak;
        publishing = connector.connect("lapwing publisher");
        publishing.connection().addShutdownListener(this::broke);
    }

    Connection publishing() {
        return publishing.connection();
    }

    /** The connection for receivers, which is made when it is first asked for. */
    Connection consuming() throws IOException {
        connecting.lock();
        try {
            RabbitWire known = consuming;
            if (known == null) {
                known = connector.connect("lapwing consumer");
                consuming = known;
                known.connection().addShutdownListener(this::broke);
            }
            return known.connection();
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

    /**
     * Notices a connection that has ended and could not tell: the client tells it behind what is
     * being written, which where the other side reads no more is never.
     */
    void look() {
        for (RabbitWire wire : both()) {
            ShutdownSignalException reason = wire.connection().getCloseReason();
            if (reason != null) {
                broke(reason);
            }
        }
    }

    /** Ends both connections without waiting for the broker. */
    void abort() {
        broken.set(true);
        both().forEach(RabbitWire::cut);
        both().forEach(wire -> wire.connection().abort(1));
    }

    /** Ends both connections in order, and waits for it no longer than this for each. */
    void close(int millis) {
        broken.set(true);
        for (RabbitWire wire : both()) {
            Thread orderly = Thread.ofVirtual().start(() -> wire.connection().abort(millis));
            try {
                orderly.join(Duration.ofMillis(millis));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            wire.cut();
        }
    }

    private List<RabbitWire> both() {
        RabbitWire known = consuming;
        return known == null ? List.of(publishing) : List.of(publishing, known);
    }
}
