// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

import org.jspecify.annotations.Nullable;

/**
 * One place of the window: a keep-alive connection that has at most one message under way. Used on
 * the client's event loop only.
 */
final class Publisher implements HttpConnection.Listener {
    private final FanoutWindow window;
    private final int index;
    private final ByteBuf head;
    private final int payloadBytes;
    private @Nullable ChannelHandlerContext connection;
    private boolean answered = true;
    private boolean delivered = true;

    Publisher(FanoutWindow window, int index, ByteBuf head, int payloadBytes) {
        this.window = window;
        this.index = index;
        this.head = head;
        this.payloadBytes = payloadBytes;
    }

    @Override
    public void connected(ChannelHandlerContext context) {
        connection = context;
    }

    @Override
    public void answered(ChannelHandlerContext context) {
        answered = true;
        sendWhenFree();
    }

    void delivered() {
        delivered = true;
        sendWhenFree();
    }

    void sendWhenFree() {
        ChannelHandlerContext context = connection;
        if (answered && delivered && context != null && window.isOpen()) {
            answered = false;
            delivered = false;
            ByteBuf request = context.alloc().directBuffer(head.readableBytes() + payloadBytes);
            request.writeBytes(head.duplicate()).writeLong(window.publish(index));
            for (int padding = Long.BYTES; padding < payloadBytes; padding++) {
                request.writeByte('.');
            }
            context.writeAndFlush(request, context.voidPromise());
        }
    }

    boolean isIdle() {
        return answered && delivered;
    }

    void close() {
        ChannelHandlerContext context = connection;
        if (context != null) {
            context.pipeline().removeLast();
            context.close();
        }
    }

    @Override
    public void failed(String reason) {
        FanoutLoad.fail(reason);
    }
}
