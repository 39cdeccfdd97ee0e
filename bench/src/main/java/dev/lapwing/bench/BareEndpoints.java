// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;

/** The three endpoints of the bare server; one instance per connection. */
final class BareEndpoints extends SimpleChannelInboundHandler<Object> {
    private static final ByteBuf HELLO =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("Hello, world!", US_ASCII));
    private static final ByteBuf STORED =
            Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer(
                            "{\"id\":\"0000000000000000\",\"topic\":\"bench\",\"position\":1}",
                            US_ASCII));

    private final BareFanout fanout;

    BareEndpoints(BareFanout fanout) {
        this.fanout = fanout;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object message) {
        switch (message) {
            case FullHttpRequest request when request.uri().startsWith("/produce/") -> {
                fanout.publish(request.content());
                reply(context, STORED, "application/json");
            }
            case FullHttpRequest request when request.uri().startsWith("/subscribe/") ->
                    subscribe(context, request);
            case FullHttpRequest _ -> reply(context, HELLO, "text/plain");
            case WebSocketFrame _ -> {}
            default -> throw new IllegalStateException("unexpected message " + message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        context.flush();
    }

    private static void reply(ChannelHandlerContext context, ByteBuf body, String type) {
        var response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body.duplicate());
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        context.write(response, context.voidPromise());
    }

    private void subscribe(ChannelHandlerContext context, FullHttpRequest request) {
        if (!request.headers()
                .contains(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
            reply(context, HELLO, "text/plain");
            return;
        }
        fanout.subscribe(context.channel());
        var factory = new WebSocketServerHandshakerFactory("ws://bench/subscribe", null, false);
        factory.newHandshaker(request).handshake(context.channel(), request);
    }
}
