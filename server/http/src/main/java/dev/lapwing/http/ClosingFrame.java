// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

import java.nio.charset.StandardCharsets;

/**
 * The end of a WebSocket, RFC 6455 section 7: the close frame goes out behind all that is written
 * already, then the client has some time to answer it, then the connection is closed. Confined to
 * the event loop.
 */
final class ClosingFrame {
    /** The longest reason, in bytes of UTF-8. */
    static final int LONGEST_REASON = 123;

    private static final int CLOSE = 0x88;
    private static final int NO_CODE = 1005;

    private final Channel channel;
    private final Worker worker;
    private final ServerTimeouts timeouts;
    private boolean begun;
    private boolean answered;
    private boolean flushed;
    private long deadline;

    ClosingFrame(Channel channel, Worker worker, ServerTimeouts timeouts) {
        this.channel = channel;
        this.worker = worker;
        this.timeouts = timeouts;
    }

    /**
     * What to answer to the payload of a client's close frame: its own code, or a protocol error if
     * it may not be sent; 1005 if it has none.
     */
    static int codeOf(byte[] payload) {
        if (payload.length == 0) {
            return NO_CODE;
        }
        int code = payload.length == 1 ? 0 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
        boolean known =
                (code >= 1000 && code <= 1014 && code != 1004 && code != NO_CODE && code != 1006)
                        || (code >= 3000 && code < 5000);
        return known ? code : CloseCode.PROTOCOL_ERROR;
    }

    /** Sends the frame. A client that reads slowly gets the idle time to come so far. */
    void begin(int code, String reason) {
        begun = true;
        byte[] text = code == NO_CODE ? new byte[0] : bounded(reason);
        int length = code == NO_CODE ? 0 : 2 + text.length;
        ByteBuf frame = channel.alloc().directBuffer(2 + length);
        FrameEncoder.writeHead(frame, CLOSE, length);
        if (code != NO_CODE) {
            frame.writeShort(code).writeBytes(text);
        }
        deadline = worker.now() + timeouts.idle().toNanos();
        channel.writeAndFlush(frame).addListener(done -> flushed());
    }

    private static byte[] bounded(String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        return text.length <= LONGEST_REASON ? text : new byte[0];
    }

    private void flushed() {
        flushed = true;
        deadline = worker.now() + timeouts.close().toNanos();
        endIfDone();
    }

    /** The client's frame is here, or will not be waited for. */
    void answered() {
        answered = true;
        endIfDone();
    }

    private void endIfDone() {
        if (flushed && answered) {
            channel.close();
        }
    }

    boolean isBegun() {
        return begun;
    }

    boolean isAnswered() {
        return answered;
    }

    void sweep(long now) {
        if (now - deadline > 0) {
            channel.close();
        }
    }
}
