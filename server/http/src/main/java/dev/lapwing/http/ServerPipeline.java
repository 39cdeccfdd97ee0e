// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Sets up each connection that is accepted, if there is room for it. */
final class ServerPipeline extends ChannelInitializer<SocketChannel> {
    static final int MAX_LINE_BYTES = 8 << 10;
    static final int MAX_HEADER_BYTES = 32 << 10;

    private final HttpServer server;
    private final HttpDecoderConfig decoding =
            new HttpDecoderConfig()
                    .setMaxInitialLineLength(MAX_LINE_BYTES)
                    .setMaxHeaderSize(MAX_HEADER_BYTES)
                    .setMaxChunkSize(64 << 10);
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();

    ServerPipeline(HttpServer server) {
        this.server = server;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
        Worker worker = server.workerOf(channel);
        ServerLimits limits = server.options().limits();
        if (open.incrementAndGet() > limits.maxConnections()) {
            open.decrementAndGet();
            refuse(
                    channel,
                    worker,
                    Problem.unavailable(
                            "The server has %d connections, as many as it takes"
                                    .formatted(limits.maxConnections())));
            return;
        }
        channel.closeFuture().addListener(closed -> open.decrementAndGet());
        if (limits.maxConnectionsPerAddress() < limits.maxConnections()
                && !countAddress(channel, limits.maxConnectionsPerAddress())) {
            refuse(
                    channel,
                    worker,
                    Problem.of(
                                    429,
                                    "too-many-connections",
                                    "Too many connections",
                                    "Your address has %d connections, as many as it may have"
                                            .formatted(limits.maxConnectionsPerAddress()))
                            .with("retry-after: 1"));
            return;
        }
        var connection = new HttpConnection(server, worker, channel);
        worker.add(connection);
        channel.pipeline().addLast(new RequestDecoder(decoding, connection), connection);
    }

    private boolean countAddress(SocketChannel channel, int most) {
        InetAddress address = channel.remoteAddress().getAddress();
        int count = perAddress.merge(address, 1, Integer::sum);
        channel.closeFuture()
                .addListener(closed ->
                        perAddress.computeIfPresent(
                                address, (key, now) -> now == 1 ? null : now - 1));
        return count <= most;
    }

    private void refuse(SocketChannel channel, Worker worker, Problem problem) {
        channel.writeAndFlush(
                        server.encoder(worker)
                                .encode(problem.answer(), false, false, false, List.of()))
                .addListener(ChannelFutureListener.CLOSE);
    }

    /** Takes away what HTTP needs, and lets the subscriber read the bytes as they come. */
    static void becomeWebSocket(Channel channel, SubscriberSocket subscriber) {
        channel.pipeline().addLast(subscriber);
        channel.pipeline().remove(RequestDecoder.class);
        channel.pipeline().remove(HttpConnection.class);
    }
}
