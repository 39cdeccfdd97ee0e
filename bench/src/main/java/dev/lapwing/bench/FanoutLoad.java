// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.UnixOperatingSystemMXBean;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The fan-out load client, a process of its own with one event loop: opens the subscriptions, then
 * publishes over as many keep-alive connections as the window has places, each sending its next
 * message when the last one was answered and the last subscriber has it.
 */
@Command(name = "fanout-load")
final class FanoutLoad implements Callable<Integer> {
    static final String OPEN = "OPEN ";

    private static final int HANDSHAKES_AT_ONCE = 128;

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--subscribers", defaultValue = "1000")
    private int subscribers;

    @Option(names = "--window", split = ",", defaultValue = "16")
    private int[] windows = {};

    @Option(names = "--payload-bytes", defaultValue = "100")
    private int payloadBytes;

    @Option(names = "--warm-up", defaultValue = "2")
    private double warmUpSeconds;

    @Option(names = "--seconds", defaultValue = "3")
    private double seconds;

    @Option(names = "--topic", defaultValue = "bench")
    private String topic = "";

    /** Opens the subscriptions and then only waits for the end of standard input. */
    @Option(names = "--idle")
    private boolean idle;

    private final EventLoopGroup loop = EventLoops.group(1);
    private final Semaphore handshakes = new Semaphore(HANDSHAKES_AT_ONCE);

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FanoutLoad()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        requireDescriptors();
        var window = new FanoutWindow(subscribers);
        open(window);
        System.out.println(OPEN + subscribers);
        if (idle) {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
            return 0;
        }
        for (int size : windows) {
            window.fill(publishers(window, size), loop);
            Period.ofSeconds(warmUpSeconds);
            window.measure(seconds, loop).print();
            window.drain(loop);
        }
        return 0;
    }

    /** Server and client need one each for every socket; both have the limit of this process. */
    private void requireDescriptors() {
        int needed = subscribers + 500;
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < needed) {
            fail(
                    "%d open files are needed and this user may have %d; raise it with: ulimit -n %d"
                            .formatted(needed, system.getMaxFileDescriptorCount(), needed));
        }
    }

    private void open(FanoutWindow window) throws InterruptedException {
        ByteBuf upgrade = buffer(Subscriber.upgradeRequest(port, "/subscribe/" + topic));
        var opened = new CountDownLatch(subscribers);
        var listener =
                new Subscriber.Listener() {
                    @Override
                    public void opened() {
                        handshakes.release();
                        opened.countDown();
                    }

                    @Override
                    public void received(long position, long text) {
                        window.received(position, text);
                    }

                    @Override
                    public void failed(String reason) {
                        fail(reason);
                    }
                };
        for (int subscriber = 0; subscriber < subscribers; subscriber++) {
            handshakes.acquire();
            connect(new Subscriber(listener, upgrade, payloadBytes));
        }
        if (!opened.await(60, TimeUnit.SECONDS)) {
            fail(opened.getCount() + " of " + subscribers + " subscriptions did not open in 60 s");
        }
    }

    private Publisher[] publishers(FanoutWindow window, int size) throws InterruptedException {
        ByteBuf head =
                buffer(
                        """
                        POST /produce/%s HTTP/1.1\r
                        Host: 127.0.0.1:%d\r
                        Content-Type: text/plain\r
                        Content-Length: %d\r
                        \r
                        """
                                .formatted(topic, port, payloadBytes));
        var publishers = new Publisher[size];
        for (int index = 0; index < size; index++) {
            publishers[index] = new Publisher(window, index, head, payloadBytes);
            connect(new HttpConnection(publishers[index]));
        }
        return publishers;
    }

    private void connect(ChannelHandler handler) throws InterruptedException {
        new Bootstrap()
                .group(loop)
                .channel(EventLoops.clientChannel())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_LINGER, 0)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(16 * 1024))
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(handler);
                            }
                        })
                .connect("127.0.0.1", port)
                .sync();
    }

    private static ByteBuf buffer(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        return Unpooled.unreleasableBuffer(Unpooled.directBuffer(bytes.length).writeBytes(bytes));
    }

    static void fail(String reason) {
        System.err.println("fanout-load: " + reason);
        Runtime.getRuntime().halt(1);
    }
}
