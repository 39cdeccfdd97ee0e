// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Opens WebSockets, all on one event loop.
 *
 * <p>They are Netty's, not the JDK's: that of {@code java.net.http} in JDK 25 loses bytes that come
 * right behind the answer to its handshake, and a replay begins there.
 */
final class EventConnections implements AutoCloseable {
    private static final int LONGEST_ANSWER = 1 << 16;

    private final Duration timeout;
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(
                    1, new DefaultThreadFactory("lapwing-remote", true), NioIoHandler.newFactory());

    /**
     * No connections yet.
     *
     * @param timeout how long an address may take to answer, and then the server
     */
    EventConnections(Duration timeout) {
        this.timeout = timeout;
    }

    /**
     * Opens one; fails with {@link UpgradeRefusedException} where the server answers otherwise.
     *
     * @param address a URI of the scheme ws
     */
    CompletableFuture<EventConnection> open(URI address, EventConnection.Listener listener) {
        var opened = new CompletableFuture<EventConnection>();
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) millis())
                .handler(
                        new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline()
                                        .addLast(
                                                new HttpClientCodec(),
                                                new HttpObjectAggregator(LONGEST_ANSWER),
                                                new Upgrade(address, millis(), listener, opened));
                            }
                        })
                .connect(ServerAddress.host(address), address.getPort())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        opened.completeExceptionally(done.cause());
                    }
                });
        return opened;
    }

    private long millis() {
        return Math.clamp(timeout.toMillis(), 1, Integer.MAX_VALUE);
    }

    /** Breaks off what is open. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
