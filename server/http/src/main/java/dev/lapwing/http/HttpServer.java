// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.TopicPattern;
import dev.lapwing.gateway.Gateway;
import dev.lapwing.gateway.TopicHubs;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What the connections of one server share. */
final class HttpServer {
    /** How long a topic is still read when its last subscriber has left. */
    private static final Duration HUB_LINGER = Duration.ofSeconds(10);

    private static final long MIN_BODY_BYTES = 64L << 20;

    private final ServerOptions options;
    private final Gateway gateway;
    private final ByteBufAllocator allocator;
    private final Origins origins;
    private final Router router;
    private final TopicHubs<FanOut> hubs;
    private final List<Worker> workers = new ArrayList<>();
    private final Map<EventExecutor, Worker> workerByLoop = new HashMap<>();
    private final List<AnswerEncoder> encoders = new ArrayList<>();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final LongAdder slowSubscribers = new LongAdder();
    private volatile boolean draining;

    HttpServer(
            ServerOptions options,
            Gateway gateway,
            EventLoopGroup loops,
            ByteBufAllocator allocator,
            boolean loopbackOnly) {
        this.options = options;
        this.gateway = gateway;
        this.allocator = allocator;
        this.origins = new Origins(options.allowedOrigins(), loopbackOnly);
        int maxPayloadBytes = options.limits().maxPayloadBytes();
        this.router =
                new Router(
                        new ProduceEndpoint(gateway, maxPayloadBytes),
                        new BatchEndpoint(gateway, maxPayloadBytes),
                        new SubscribeEndpoint(this),
                        new TopicsEndpoint(gateway),
                        new HealthEndpoint(gateway, this::isDraining),
                        new CapabilitiesEndpoint(gateway, maxPayloadBytes));
        this.hubs = new TopicHubs<>(gateway.tails(), this::fanOut, HUB_LINGER);
        loops.forEach(this::addWorker);
    }

    private void addWorker(EventExecutor loop) {
        long maxBodyBytes = Math.max(MIN_BODY_BYTES, 8L * options.limits().maxPayloadBytes());
        var worker = new Worker((EventLoop) loop, workers.size(), maxBodyBytes);
        workers.add(worker);
        workerByLoop.put(loop, worker);
        encoders.add(new AnswerEncoder(worker, allocator));
    }

    private FanOut fanOut(TopicPattern topics) {
        return new FanOut(gateway.tails(), frameEncoder(topics), workers);
    }

    FrameEncoder frameEncoder(TopicPattern topics) {
        return new FrameEncoder(allocator, gateway.tails(), topics.isPattern());
    }

    ServerOptions options() {
        return options;
    }

    Gateway gateway() {
        return gateway;
    }

    Origins origins() {
        return origins;
    }

    Router router() {
        return router;
    }

    TopicHubs<FanOut> hubs() {
        return hubs;
    }

    List<Worker> workers() {
        return workers;
    }

    Worker workerOf(Channel channel) {
        return Objects.requireNonNull(workerByLoop.get(channel.eventLoop()));
    }

    AnswerEncoder encoder(Worker worker) {
        return encoders.get(worker.index());
    }

    /** Notes that a subscriber was closed because it was slow. */
    void subscriberWasSlow() {
        slowSubscribers.increment();
    }

    /** How many subscribers were closed because they were slow. */
    long slowSubscribers() {
        return slowSubscribers.sum();
    }

    // ---- draining ----

    void beginDraining() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    void exchangeBegins() {
        exchanges.incrementAndGet();
    }

    void exchangeEnds() {
        exchanges.decrementAndGet();
    }

    /** How many requests are not answered yet. */
    int exchanges() {
        return exchanges.get();
    }

    /** How many connections are open. */
    int connections() {
        return workers.stream().mapToInt(Worker::size).sum();
    }
}
