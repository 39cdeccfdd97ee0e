// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.util.List;

/**
 * The client's end of one WebSocket subscription. It knows the one frame size that the run uses and
 * answers pings; any other frame fails the run. Used on the client's event loop only.
 */
final class Subscriber extends ByteToMessageDecoder {
    private static final ByteBuf END_OF_HEAD =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", US_ASCII));
    private static final int PING = 0x89;

    /** What is told of one subscription. */
    interface Listener {
        void opened();

        void received(long position, long text);

        void failed(String reason);
    }

    private final Listener listener;
    private final ByteBuf upgrade;
    private final int headerBytes;
    private final int frameBytes;
    private final int firstTwoBytes;
    private boolean open;
    private long position;

    Subscriber(Listener listener, ByteBuf upgrade, int payloadBytes) {
        this.listener = listener;
        this.upgrade = upgrade;
        this.headerBytes = WebSocketText.headerBytes(payloadBytes);
        this.frameBytes = headerBytes + payloadBytes;
        this.firstTwoBytes = WebSocketText.firstTwoBytes(payloadBytes);
    }

    static String upgradeRequest(int port, String path) {
        return """
        GET %s HTTP/1.1\r
        Host: 127.0.0.1:%d\r
        Upgrade: websocket\r
        Connection: Upgrade\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Version: 13\r
        \r
        """
                .formatted(path, port);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.writeAndFlush(upgrade.duplicate(), context.voidPromise());
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!open && !readHandshake(in)) {
            return;
        }
        while (in.readableBytes() >= frameBytes && isMessage(in)) {
            listener.received(position, in.getLong(in.readerIndex() + headerBytes));
            position++;
            in.skipBytes(frameBytes);
        }
        if (in.readableBytes() >= 2 && !isMessage(in)) {
            readControl(context, in);
        }
    }

    private boolean isMessage(ByteBuf in) {
        return in.getUnsignedShort(in.readerIndex()) == firstTwoBytes;
    }

    private boolean readHandshake(ByteBuf in) {
        int end = ByteBufUtil.indexOf(END_OF_HEAD, in);
        if (end < 0) {
            return false;
        }
        String head = in.readCharSequence(end - in.readerIndex() + 4, US_ASCII).toString();
        if (!head.startsWith("HTTP/1.1 101")) {
            listener.failed("no upgrade: " + head.lines().findFirst().orElse(""));
        }
        open = true;
        listener.opened();
        return true;
    }

    private void readControl(ChannelHandlerContext context, ByteBuf in) {
        int length = in.getUnsignedByte(in.readerIndex() + 1);
        if (in.getUnsignedByte(in.readerIndex()) != PING || length > 125) {
            listener.failed(
                    "an unexpected frame begins 0x%04x"
                            .formatted(in.getUnsignedShort(in.readerIndex())));
        } else if (in.readableBytes() >= 2 + length) {
            in.skipBytes(2);
            ByteBuf pong = context.alloc().buffer(6 + length);
            pong.writeByte(0x8a).writeByte(0x80 | length).writeInt(0).writeBytes(in, length);
            context.writeAndFlush(pong, context.voidPromise());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        listener.failed("the server closed a subscription after message " + position);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        listener.failed(cause.toString());
    }
}
