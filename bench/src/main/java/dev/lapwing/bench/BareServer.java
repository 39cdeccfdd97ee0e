// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.net.InetSocketAddress;
import java.util.concurrent.Callable;

/**
 * The bare Netty server, a process of its own: {@code GET /hello}, {@code POST /produce/…} and
 * {@code GET /subscribe/…} with one topic and no durability. It is what the framework can do when
 * nothing else is asked of it.
 */
@Command(name = "bare-server")
final class BareServer implements Callable<Integer> {
    static final String READY = "listening on ";

    @Option(names = "--loops", defaultValue = "1")
    private int loops;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new BareServer()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        var group = EventLoops.group(loops);
        var fanout = new BareFanout(group);
        Channel server =
                new ServerBootstrap()
                        .group(group)
                        .channel(EventLoops.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, 4096)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline()
                                                .addLast(
                                                        new HttpServerCodec(),
                                                        new HttpObjectAggregator(1 << 20),
                                                        new BareEndpoints(fanout));
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        System.out.println(READY + ((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
        return 0;
    }
}
