// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import io.lettuce.core.protocol.CommandHandler;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * Overhears a connection that is being made. Lettuce can lose why a server refuses it: where the
 * refusal comes before the connecting thread has looked, all that it finds is a closed channel.
 */
final class RedisHandshake implements NettyCustomizer {
    private static final int LONGEST_REPLY = 512;

    private volatile @Nullable Channel channel;
    private volatile String refusal = "";

    /** Forgets the connection before. */
    void begin() {
        channel = null;
        refusal = "";
    }

    /** The channel; null before there is one. */
    @Nullable Channel channel() {
        return channel;
    }

    /** The error with which the server answered last, such as {@code NOAUTH …}; empty for none. */
    String refusal() {
        return refusal;
    }

    @Override
    public void afterChannelInitialized(Channel made) {
        channel = made;
        made.pipeline()
                .addBefore(
                        made.pipeline().context(CommandHandler.class).name(), null, new Listener());
    }

    /** It is made: nothing is overheard any more. */
    void end() {
        Channel made = channel;
        if (made != null && made.pipeline().get(Listener.class) != null) {
            made.pipeline().remove(Listener.class);
        }
    }

    private final class Listener extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object read) throws Exception {
            if (read instanceof ByteBuf bytes && bytes.isReadable()) {
                int at = bytes.readerIndex();
                if (bytes.getByte(at) == '-') {
                    int length = Math.min(bytes.readableBytes() - 1, LONGEST_REPLY);
                    String text = bytes.toString(at + 1, length, StandardCharsets.UTF_8);
                    refusal = text.lines().findFirst().orElse("");
                }
            }
            super.channelRead(context, read);
        }
    }
}
