// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;

import org.HdrHistogram.Histogram;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * The HTTP load client, a process of its own: keep-alive connections with one request under way on
 * each, all on one event loop. Prints requests per second and the latency.
 */
@Command(name = "http-load")
final class HttpLoad implements Callable<Integer> {
    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--connections", defaultValue = "64")
    private int connections;

    @Option(names = "--method", defaultValue = "GET")
    private String method = "";

    @Option(names = "--path", defaultValue = "/hello")
    private String path = "";

    @Option(names = "--body-bytes", defaultValue = "0")
    private int bodyBytes;

    @Option(names = "--warm-up", defaultValue = "2")
    private double warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "3")
    private double seconds;

    private final Histogram latency = new Histogram(TimeUnit.SECONDS.toNanos(60), 3);
    private boolean measuring;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new HttpLoad()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        ByteBuf request = Unpooled.unreleasableBuffer(requestBytes());
        var loop = EventLoops.group(1);
        var bootstrap =
                new Bootstrap()
                        .group(loop)
                        .channel(EventLoops.clientChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_LINGER, 0)
                        .handler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(io.netty.channel.Channel channel) {
                                        channel.pipeline()
                                                .addLast(new HttpConnection(new Loop(request)));
                                    }
                                });
        for (int connection = 0; connection < connections; connection++) {
            bootstrap.connect("127.0.0.1", port).sync();
        }
        Period.ofSeconds(warmUpSeconds);
        loop.submit(() -> measuring = true).sync();
        long start = System.nanoTime();
        Period.ofSeconds(seconds);
        loop.submit(() -> measuring = false).sync();
        double elapsed = (System.nanoTime() - start) / 1e9;
        Result.of("requests_per_second", latency.getTotalCount() / elapsed)
                .with("p50_micros", latency.getValueAtPercentile(50) / 1e3)
                .with("p99_micros", latency.getValueAtPercentile(99) / 1e3)
                .print();
        return 0;
    }

    private ByteBuf requestBytes() {
        String head =
                method
                        + " "
                        + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1:"
                        + port
                        + "\r\n"
                        + (bodyBytes == 0
                                ? ""
                                : "Content-Type: text/plain\r\nContent-Length: "
                                        + bodyBytes
                                        + "\r\n")
                        + "\r\n";
        return Unpooled.directBuffer()
                .writeBytes((head + "x".repeat(bodyBytes)).getBytes(US_ASCII));
    }

    /** One connection's closed loop: the answer sends the next request. */
    private final class Loop implements HttpConnection.Listener {
        private final ByteBuf request;
        private long sentAt;

        Loop(ByteBuf request) {
            this.request = request;
        }

        @Override
        public void connected(ChannelHandlerContext context) {
            sentAt = System.nanoTime();
            context.writeAndFlush(request.duplicate(), context.voidPromise());
        }

        @Override
        public void answered(ChannelHandlerContext context) {
            if (measuring) {
                latency.recordValue(System.nanoTime() - sentAt);
            }
            connected(context);
        }

        @Override
        public void failed(String reason) {
            System.err.println("http-load: " + reason);
            Runtime.getRuntime().halt(1);
        }
    }
}
