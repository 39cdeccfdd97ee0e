// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An open WebSocket that reads one frame for each that is asked for, so that what nobody asked for
 * waits in the network. Any thread may ask; frames come on the event loop, and so does the end,
 * when a frame is asked for.
 */
final class EventConnection extends SimpleChannelInboundHandler<WebSocketFrame> {
    private static final int NORMAL = 1000;
    private static final int NO_CODE = 1005;
    private static final int LONGEST_CLOSE_SECONDS = 1;

    /** Hears of one connection, on its event loop. */
    interface Listener {
        void opened(EventConnection connection);

        /** An event. Returns whether it was one of those that were asked for. */
        boolean text(String text);

        /** Something came that shows that the server lives. */
        void heard();

        void closed(int code, String reason);

        /** It broke; told once, and not behind {@link #closed}. */
        void broken(Throwable failure);
    }

    private final Channel channel;
    private final Listener listener;
    private long asked;
    private boolean pumping;
    private boolean came;
    private boolean over;

    EventConnection(Channel channel, Listener listener) {
        this.channel = channel;
        this.listener = listener;
    }

    /** Asks for so many events more. */
    void request(long events) {
        onLoop(() -> {
            asked += events;
            pump();
        });
    }

    /** Asks for a sign of life; completes when the question is written. */
    CompletableFuture<Void> ping() {
        var written = new CompletableFuture<Void>();
        channel.writeAndFlush(new PingWebSocketFrame())
                .addListener(done -> {
                    if (done.isSuccess()) {
                        written.complete(null);
                    } else {
                        written.completeExceptionally(done.cause());
                    }
                });
        return written;
    }

    /** Says goodbye and closes; nothing more is told. */
    void close() {
        onLoop(() -> {
            over = true;
            channel.writeAndFlush(new CloseWebSocketFrame(NORMAL, ""))
                    .addListener(done -> channel.close());
            channel.eventLoop()
                    .schedule(() -> channel.close(), LONGEST_CLOSE_SECONDS, TimeUnit.SECONDS);
        });
    }

    /** Closes at once; nothing more is told. */
    void abort() {
        onLoop(() -> {
            over = true;
            channel.close();
        });
    }

    private void onLoop(Runnable task) {
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            // The transport is closed, and this with it.
        }
    }

    /** Reads as long as something is there that was asked for. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        do {
            came = false;
            if (asked > 0 && !over) {
                channel.read();
            }
        } while (came);
        pumping = false;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext from, WebSocketFrame frame) {
        if (over) {
            return;
        }
        came = true;
        listener.heard();
        switch (frame) {
            case TextWebSocketFrame text -> {
                if (listener.text(text.text())) {
                    asked--;
                }
            }
            case PingWebSocketFrame ping ->
                    from.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
            case CloseWebSocketFrame close -> closed(close);
            default -> {
                // Pongs are signs of life alone, and events are text in the form that was asked
                // for.
            }
        }
        pump();
    }

    /** What was asked for may have been spent on a part of a frame. */
    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        pump();
    }

    private void closed(CloseWebSocketFrame close) {
        over = true;
        int code = close.statusCode() < 0 ? NO_CODE : close.statusCode();
        channel.writeAndFlush(close.retain()).addListener(done -> channel.close());
        listener.closed(code, close.reasonText());
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        broke(new IOException("the server ended it"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable cause) {
        broke(cause);
        from.close();
    }

    private void broke(Throwable failure) {
        if (!over) {
            over = true;
            listener.broken(failure);
        }
    }
}
