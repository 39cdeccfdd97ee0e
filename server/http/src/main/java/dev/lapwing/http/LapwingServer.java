// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.Lapwing;
import dev.lapwing.gateway.Gateway;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The real-time server: HTTP in, WebSocket out, over any {@link Lapwing}. Safe for use by many
 * threads. The server does not close the Lapwing that it was given.
 */
public final class LapwingServer implements AutoCloseable {
    private static final Duration LONGEST_SWEEP = Duration.ofSeconds(1);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final HttpServer server;
    private final EventLoopGroup loops;
    private final Channel listener;
    private final InetSocketAddress address;
    private boolean closed;

    private LapwingServer(HttpServer server, EventLoopGroup loops, Channel listener) {
        this.server = server;
        this.loops = loops;
        this.listener = listener;
        this.address = (InetSocketAddress) listener.localAddress();
    }

    /**
     * Starts a server; when this returns, it accepts connections.
     *
     * @param lapwing what messages are published to and read from. Publishing must never block: the
     *     server keeps its own limits in flight, which must be below those of this connection, or
     *     it was connected with {@link dev.lapwing.ConnectOptions.Overflow#REFUSE}
     * @throws PublicAddressException if the address can be reached from other machines and the
     *     options do not allow it
     * @throws AddressInUseException if another program listens there
     * @throws ConnectionFailedException if the address cannot be bound for another reason
     */
    public static LapwingServer start(ServerOptions options, Lapwing lapwing) {
        var asked = new InetSocketAddress(options.host(), options.port());
        if (asked.isUnresolved()) {
            throw new ConnectionFailedException(
                    "The host '%s' has no address; give the address to listen at, such as 127.0.0.1"
                            .formatted(options.host()));
        }
        boolean loopback = asked.getAddress().isLoopbackAddress();
        if (!loopback && !options.allowPublicAddress()) {
            throw new PublicAddressException(options.host());
        }
        ServerLimits limits = options.limits();
        var gateway =
                new Gateway(
                        lapwing, limits.maxPublishesInFlight(), limits.maxPublishBytesInFlight());
        EventLoopGroup loops = Listener.loops(options.eventLoops());
        var allocator = ByteBufAllocator.DEFAULT;
        var server = new HttpServer(options, gateway, loops, allocator, loopback);
        try {
            Channel listener =
                    Listener.bind(
                            asked,
                            loops,
                            new ServerPipeline(server),
                            allocator,
                            limits.maxSubscriberBytes());
            startSweeping(server);
            return new LapwingServer(server, loops, listener);
        } catch (RuntimeException e) {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private static void startSweeping(HttpServer server) {
        ServerTimeouts times = server.options().timeouts();
        Duration shortest =
                Collections.min(
                        List.of(
                                times.header(),
                                times.body(),
                                times.idle(),
                                times.ping(),
                                times.close()));
        Duration tenth = shortest.dividedBy(10);
        Duration period = tenth.compareTo(LONGEST_SWEEP) > 0 ? LONGEST_SWEEP : tenth;
        server.workers().forEach(worker -> worker.startSweeping(period));
        server.workers()
                .getFirst()
                .loop()
                .scheduleAtFixedRate(
                        () -> server.hubs().closeIdle(System.nanoTime()), 1, 1, TimeUnit.SECONDS);
    }

    /** What its connections share. */
    HttpServer internals() {
        return server;
    }

    /** Where it listens, with the port that was picked. */
    public InetSocketAddress address() {
        return address;
    }

    /**
     * Ends in order: accepts no more connections, finishes the requests in flight, and closes every
     * subscriber with the position to resume from.
     *
     * @param timeout how long that may take, zero or more
     * @return whether everything ended by itself in time
     */
    public synchronized boolean drain(Duration timeout) {
        if (closed) {
            return true;
        }
        closed = true;
        long deadline = System.nanoTime() + timeout.toNanos();
        server.beginDraining();
        listener.close().awaitUninterruptibly();
        onEachConnection(Connection::drainRequests);
        boolean answered = await(deadline, () -> server.exchanges() == 0);
        onEachConnection(Connection::drainSubscriber);
        boolean ended = await(deadline, () -> server.connections() == 0);
        onEachConnection(Connection::kill);
        server.hubs().close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        return answered && ended;
    }

    private void onEachConnection(java.util.function.Consumer<Connection> action) {
        server.workers().forEach(worker -> worker.execute(() -> worker.forEach(action)));
    }

    private static boolean await(long deadline, BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return true;
    }

    /** Drains within {@link ServerTimeouts#drain}. Closing twice does nothing. */
    @Override
    public void close() {
        drain(server.options().timeouts().drain());
    }
}
