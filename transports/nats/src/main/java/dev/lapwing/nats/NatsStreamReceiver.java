// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;
import dev.lapwing.spi.Receiver;
import dev.lapwing.spi.ReceiverListener;
import dev.lapwing.spi.ReceiverRequest;

import io.nats.client.api.StreamInfo;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What pulls from a consumer of a stream: its beginning and its end. {@code calling} is held while
 * the listener is called.
 */
abstract class NatsStreamReceiver implements Receiver, NatsPull.Sink, NatsWatcher {

    static final Duration PATIENCE = Duration.ofSeconds(2);

    final NatsLink link;
    final NatsStreams streams;
    final NatsConsumers consumers;
    final ReceiverListener listener;
    final String topics;
    final ReentrantLock calling = new ReentrantLock();
    final NatsPull pull;
    String stream;
    ZonedDateTime streamMade;
    volatile boolean stopped;
    volatile boolean closed;

    private final Consumer<Receiver> onClose;
    private @Nullable ScheduledFuture<?> watch;

    NatsStreamReceiver(
            NatsLink link,
            NatsStreams streams,
            ReceiverRequest request,
            ReceiverListener listener,
            Consumer<Receiver> onClose) {
        this.link = link;
        this.streams = streams;
        this.listener = listener;
        this.onClose = onClose;
        consumers = new NatsConsumers(streams);
        topics = request.topics().toString();
        stream = streams.of(topics);
        streamMade = made(stream);
        pull = new NatsPull(link, request.credit(), this);
    }

    /** When a stream was made. */
    final ZonedDateTime made(String name) {
        return streams.info(name)
                .map(StreamInfo::getCreateTime)
                .orElseThrow(() -> new LapwingException("Stream '" + name + "' is gone"));
    }

    /**
     * Begins to pull.
     *
     * @param look what is done from time to time
     * @param millis how often
     */
    final void begin(String consumer, Runnable look, long millis) {
        watch = link.timer().scheduleWithFixedDelay(look, millis, millis, TimeUnit.MILLISECONDS);
        pull.begin(stream, consumer);
        link.watch(this);
    }

    @Override
    public final void grant(int deliveries) {
        pull.grant(deliveries);
    }

    @Override
    public void linkClosed(LapwingException reason) {
        fail(reason);
    }

    /** Ends by itself. */
    final void fail(LapwingException cause) {
        stopped = true;
        calling.lock();
        try {
            if (!closed) {
                listener.failed(cause);
            }
        } finally {
            calling.unlock();
        }
    }

    @Override
    public final CompletableFuture<Void> stop() {
        stopped = true;
        pull.stop();
        var done = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .name("lapwing-nats-stop")
                .start(() -> {
                    endPull();
                    done.complete(null);
                });
        return done;
    }

    /** Ends asking; when this returns, the listener is called no more for what had been sent. */
    void endPull() {
        stopped = true;
        pull.close(PATIENCE);
        calling.lock();
        calling.unlock();
    }

    /** Lets go of what it holds at the server; asking has ended. */
    abstract void release();

    @Override
    public final void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        if (watch != null) {
            watch.cancel(false);
        }
        link.forget(this);
        endPull();
        release();
        onClose.accept(this);
    }
}
