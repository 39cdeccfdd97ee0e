// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks for a WebSocket on a new connection, and makes way for it when the server agrees. */
final class Upgrade extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final WebSocketClientHandshaker handshake;
    private final long timeoutMillis;
    private final EventConnection.Listener listener;
    private final CompletableFuture<EventConnection> opened;
    private @Nullable Future<?> timeout;

    Upgrade(
            URI address,
            long timeoutMillis,
            EventConnection.Listener listener,
            CompletableFuture<EventConnection> opened) {
        this.timeoutMillis = timeoutMillis;
        this.listener = listener;
        this.opened = opened;
        handshake =
                WebSocketClientHandshakerFactory.newHandshaker(
                        address,
                        WebSocketVersion.V13,
                        null,
                        false,
                        EmptyHttpHeaders.INSTANCE,
                        Integer.MAX_VALUE,
                        true,
                        false,
                        -1,
                        false,
                        false);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        timeout =
                context.executor()
                        .schedule(
                                () ->
                                        end(
                                                context,
                                                new HttpConnectTimeoutException(
                                                        "no answer to the handshake")),
                                timeoutMillis,
                                TimeUnit.MILLISECONDS);
        handshake
                .handshake(context.channel())
                .addListener(done -> {
                    if (!done.isSuccess()) {
                        end(context, done.cause());
                    }
                });
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
        if (!answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
            String body = answer.content().toString(StandardCharsets.UTF_8);
            end(context, new UpgradeRefusedException(Problem.of(answer.status().code(), body)));
            return;
        }
        stopTimeout();
        // From here on nothing is read that was not asked for.
        context.channel().config().setAutoRead(false);
        handshake.finishHandshake(context.channel(), answer);
        var connection = new EventConnection(context.channel(), listener);
        context.pipeline()
                .addLast(
                        new WebSocketFrameAggregator(Integer.MAX_VALUE),
                        new FlowControlHandler(),
                        connection);
        context.pipeline().remove(this);
        listener.opened(connection);
        opened.complete(connection);
    }

    private void stopTimeout() {
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(context, new IOException("the server ended the connection instead of an answer"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        end(context, cause);
    }

    private void end(ChannelHandlerContext context, Throwable failure) {
        stopTimeout();
        opened.completeExceptionally(failure);
        context.close();
    }
}
