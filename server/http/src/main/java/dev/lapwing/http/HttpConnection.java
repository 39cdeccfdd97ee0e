// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;

/**
 * A connection that speaks HTTP/1.1: reads requests, has them answered, and writes the answers in
 * the order of the requests. Confined to its event loop.
 */
final class HttpConnection extends Connection {
    private static final int MAX_PIPELINED = 64;

    private final HttpServer server;
    private final Worker worker;
    private final Channel channel;
    private final Intake intake;
    private final Deadline deadline;
    private final ArrayDeque<Exchange> exchanges = new ArrayDeque<>(4);

    private boolean needsFlush;
    private boolean draining;
    private boolean upgrading;
    private boolean inputEnded;
    private boolean lingering;

    HttpConnection(HttpServer server, Worker worker, Channel channel) {
        this.server = server;
        this.worker = worker;
        this.channel = channel;
        this.intake = new Intake(server, this);
        this.deadline = new Deadline(server.options().timeouts(), worker);
        this.draining = server.isDraining();
    }

    Worker worker() {
        return worker;
    }

    Channel channel() {
        return channel;
    }

    AnswerEncoder encoder() {
        return server.encoder(worker);
    }

    boolean isDraining() {
        return draining;
    }

    Deadline deadline() {
        return deadline;
    }

    // ---- reading ----

    void bytesArrive() {
        if (!lingering) {
            deadline.bytesArrive();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (lingering || upgrading) {
                return;
            }
            if (message instanceof HttpRequest head) {
                intake.begin(head);
            }
            if (message instanceof HttpContent content) {
                intake.content(content, content instanceof LastHttpContent);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flush();
        updateReading();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        deadline.writable(channel.isWritable());
        updateReading();
    }

    /** A client that does not read its answers, or asks much faster than it is served, waits. */
    private void updateReading() {
        boolean wanted =
                !upgrading
                        && (lingering
                                || (exchanges.size() < MAX_PIPELINED && channel.isWritable()));
        if (channel.isActive() && channel.config().isAutoRead() != wanted) {
            channel.config().setAutoRead(wanted);
        }
    }

    // ---- answering ----

    void enqueue(Exchange exchange) {
        exchanges.add(exchange);
        server.exchangeBegins();
    }

    /** Writes what can be written in order. */
    void answered() {
        Exchange first;
        while ((first = exchanges.peek()) != null && first.isAnswered() && !lingering) {
            exchanges.remove();
            server.exchangeEnds();
            needsFlush = true;
            ByteBuf bytes = Objects.requireNonNull(first.takeAnswer());
            if (first.keepsAlive()) {
                channel.write(bytes, channel.voidPromise());
            } else {
                linger(bytes);
            }
        }
        if (first != null && first.awaitsContinue()) {
            goOn(first);
        }
        if (exchanges.isEmpty() && inputEnded && !lingering) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> channel.close());
        }
    }

    /** Tells the client to send the body, once it is its turn. */
    void goOn(Exchange exchange) {
        if (exchanges.peek() == exchange) {
            exchange.setAwaitsContinue(false);
            needsFlush = true;
            channel.write(encoder().goOn(), channel.voidPromise());
        } else {
            exchange.setAwaitsContinue(true);
        }
    }

    /**
     * Writes the last answer and ends the output; then waits a while for the client to end its own,
     * because closing while bytes are unread would destroy the answer on its way.
     */
    private void linger(ByteBuf last) {
        lingering = true;
        intake.abandon();
        deadline.linger();
        channel.writeAndFlush(last)
                .addListener(done -> {
                    if (done.isSuccess() && !inputEnded) {
                        ((DuplexChannel) channel).shutdownOutput();
                    } else {
                        channel.close();
                    }
                });
        dropExchanges();
    }

    private void dropExchanges() {
        for (Exchange each; (each = exchanges.poll()) != null; ) {
            server.exchangeEnds();
            each.drop();
        }
    }

    boolean needsFlush() {
        return needsFlush;
    }

    void flush() {
        if (needsFlush) {
            needsFlush = false;
            channel.flush();
            updateReading();
        }
    }

    // ---- becoming a WebSocket ----

    /** Whether everything that was asked before this was answered. */
    boolean isFirst(Exchange exchange) {
        return exchanges.peek() == exchange;
    }

    /** Reads nothing more until the upgrade is answered. */
    void beginUpgrade() {
        upgrading = true;
        deadline.none();
        updateReading();
    }

    /** Answers instead of upgrading. */
    void refuseUpgrade(Exchange exchange, Problem problem) {
        upgrading = false;
        deadline.idle();
        exchange.answer(problem.answer());
        flush();
        updateReading();
    }

    /** Answers the upgrade, and lets the subscriber take this connection over. */
    void upgrade(Exchange exchange, ByteBuf answer, SubscriberSocket subscriber) {
        exchanges.remove(exchange);
        server.exchangeEnds();
        dropExchanges();
        channel.write(answer, channel.voidPromise());
        worker.replace(this, subscriber);
        ServerPipeline.becomeWebSocket(channel, subscriber);
        channel.flush();
        if (channel.isActive()) {
            channel.config().setAutoRead(true);
        }
    }

    // ---- ending ----

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            if (lingering || exchanges.isEmpty()) {
                channel.close();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        intake.abandon();
        dropExchanges();
        if (slot >= 0) {
            worker.remove(this);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Failures.ofConnection(cause);
        channel.close();
    }

    @Override
    void sweep(long now) {
        if (!deadline.isOver(now, exchanges.isEmpty())) {
            return;
        }
        Exchange current = intake.current();
        if (lingering || !channel.isWritable() || !deadline.isReading()) {
            channel.close();
        } else {
            var late = current != null ? current : new Exchange(this, null, List.of());
            if (current == null) {
                enqueue(late);
            }
            late.closeAfter();
            late.answer(deadline.problem().answer());
            flush();
        }
    }

    @Override
    void drainRequests() {
        draining = true;
        if (exchanges.isEmpty() && !lingering && !deadline.isReading()) {
            channel.close();
        }
    }

    @Override
    void kill() {
        channel.close();
    }
}
