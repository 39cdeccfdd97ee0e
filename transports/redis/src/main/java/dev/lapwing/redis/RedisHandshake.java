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
import java.util.NoSuchElementException;

/**
 * Overhears a connection that is being made. Lettuce can lose why a server refuses it: where the
 * refusal comes before the connecting thread has looked, all that it finds is a closed channel.
 */
final class RedisHandshake implements NettyCustomizer {
    private static final int LONGEST_REPLY = 512;

    private volatile @Nullable Listener listener;

    /** Forgets the connection before. */
    void begin() {
        listener = null;
    }

    /** The channel; null before there is one. */
    @Nullable Channel channel() {
        Listener now = listener;
        return now == null ? null : now.channel;
    }

    /** The error with which the server answered last, such as {@code NOAUTH …}; empty for none. */
    String refusal() {
        Listener now = listener;
        return now == null ? "" : now.refusal;
    }

    @Override
    public void afterChannelInitialized(Channel made) {
        var fresh = new Listener(made);
        listener = fresh;
        made.pipeline()
                .addBefore(made.pipeline().context(CommandHandler.class).name(), null, fresh);
    }

    /** It is made: nothing is overheard any more. */
    void end() {
        Listener now = listener;
        if (now != null) {
            try {
                now.channel.pipeline().remove(now);
            } catch (NoSuchElementException e) {
                // It broke again already, of which whoever uses it is told.
            }
        }
    }

    /** What it hears is of its own channel alone: one that was given up may still answer. */
    private static final class Listener extends ChannelInboundHandlerAdapter {
        private final Channel channel;
        private volatile String refusal = "";

        Listener(Channel channel) {
            this.channel = channel;
        }

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
