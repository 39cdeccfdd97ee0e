// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.util.List;
import java.util.Locale;

/**
 * The client's end of a keep-alive HTTP connection: it recognises complete responses and reads no
 * more of them than the status and the length, so that the client stays cheaper than any server.
 * Used on its event loop only.
 */
final class HttpConnection extends ByteToMessageDecoder {
    private static final ByteBuf END_OF_HEAD =
            Unpooled.unreleasableBuffer(Unpooled.copiedBuffer("\r\n\r\n", US_ASCII));
    private static final String LENGTH = "\r\ncontent-length:";
    private static final int STATUS_AT = 9;

    /** What is told of each complete response. */
    interface Listener {
        void connected(ChannelHandlerContext context);

        void answered(ChannelHandlerContext context);

        void failed(String reason);
    }

    private final Listener listener;
    private int headBytes;
    private int responseBytes;

    HttpConnection(Listener listener) {
        this.listener = listener;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        listener.connected(context);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (responseBytes == 0) {
            int end = ByteBufUtil.indexOf(END_OF_HEAD, in);
            if (end < 0) {
                return;
            }
            headBytes = end - in.readerIndex() + 4;
            readHead(in);
        }
        if (in.readableBytes() >= responseBytes) {
            in.skipBytes(responseBytes);
            responseBytes = 0;
            listener.answered(context);
        }
    }

    private void readHead(ByteBuf in) {
        String head = in.toString(in.readerIndex(), headBytes, US_ASCII).toLowerCase(Locale.ROOT);
        if (head.charAt(STATUS_AT) != '2') {
            listener.failed("the server answered " + head.lines().findFirst().orElse(""));
        }
        int length = head.indexOf(LENGTH);
        responseBytes =
                length < 0
                        ? headBytes
                        : headBytes
                                + Integer.parseInt(
                                        head.substring(
                                                        length + LENGTH.length(),
                                                        head.indexOf("\r\n", length + 2))
                                                .strip());
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        listener.failed("the server closed a keep-alive connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        listener.failed(cause.toString());
    }
}
