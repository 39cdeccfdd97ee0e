// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.ConnectionFailedException;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

import java.net.InetSocketAddress;
import java.util.Locale;

/** Binds the server's address, with epoll where there is one. */
final class Listener {
    private static final int BACKLOG = 4096;

    private Listener() {}

    /** Threads for the sockets. */
    static EventLoopGroup loops(int threads) {
        int count = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        var factory = new DefaultThreadFactory("lapwing-http", true);
        return new MultiThreadIoEventLoopGroup(
                count,
                factory,
                Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** Listens; when this returns, connections are accepted. */
    static Channel bind(
            InetSocketAddress address,
            EventLoopGroup loops,
            ServerPipeline pipeline,
            ByteBufAllocator allocator,
            int maxSubscriberBytes) {
        int high = Math.max(1024, maxSubscriberBytes / 4);
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(
                                Epoll.isAvailable()
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childOption(ChannelOption.ALLOCATOR, allocator)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(high / 4, high))
                        .childHandler(pipeline)
                        .bind(address)
                        .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw failure(address, bound.cause());
        }
        return bound.channel();
    }

    private static RuntimeException failure(InetSocketAddress address, Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.toLowerCase(Locale.ROOT).contains("in use")) {
            return new AddressInUseException(address.getHostString(), address.getPort(), cause);
        }
        return new ConnectionFailedException(
                "Cannot listen at %s, port %d: %s"
                        .formatted(address.getHostString(), address.getPort(), text),
                cause);
    }
}
