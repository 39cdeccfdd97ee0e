// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Gap;
import dev.lapwing.gateway.Place;
import dev.lapwing.gateway.TopicHub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.ChannelInputShutdownEvent;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/**
 * A connection that speaks WebSocket: one subscriber of one topic or pattern. It replays the past
 * if it was asked to, then is a live member of its {@link LoopFeed}; what it does not take in time
 * is bounded. Confined to its event loop.
 */
final class SubscriberSocket extends Connection implements FrameReader.Listener {
    private static final ByteBuf PING =
            Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer(2).writeBytes(new byte[] {(byte) 0x89, 0}).asReadOnly());
    private static final int PONG = 0x8A;

    private final HttpServer server;
    private final Worker worker;
    private final Channel channel;
    private final Format format;
    private final FrameReader reader;
    private final ClosingFrame closing;
    private final @Nullable TopicHub<FanOut> hub;
    private final @Nullable LoopFeed feed;

    private @Nullable Replay replay;
    private Place place;
    private boolean live;
    private boolean skipping;
    private boolean congested;
    private long heard;
    private long pinged;
    private long movedAt;
    private int movedBytes;

    /** Where it stands among the members of its feed; owned by the feed. */
    int memberSlot;

    /**
     * A subscriber that hears nothing yet.
     *
     * @param hub the hub that it holds and will hear live; none where it reads by itself for ever
     * @param place how far it has come
     */
    SubscriberSocket(
            HttpServer server,
            HttpConnection connection,
            Format format,
            @Nullable TopicHub<FanOut> hub,
            Place place) {
        this.server = server;
        this.worker = connection.worker();
        this.channel = connection.channel();
        this.format = format;
        this.hub = hub;
        this.place = place;
        this.reader = new FrameReader(server.options().limits().maxPayloadBytes(), this);
        this.closing = new ClosingFrame(channel, worker, server.options().timeouts());
        this.heard = worker.now();
        this.pinged = heard;
        this.movedAt = heard;
        this.feed = hub == null ? null : hub.fanOut().on(worker);
        if (feed != null) {
            feed.attach();
        }
    }

    Format format() {
        return format;
    }

    // ---- the past ----

    void replayWith(Replay source) {
        replay = source;
    }

    /** Whether it can go over to hearing live: nothing is left that the hub has passed by. */
    boolean hasCaughtUp() {
        return hub != null
                && feed != null
                && place.reaches(feed.last())
                && place.reaches(hub.completeBehind());
    }

    /** Writes a piece of the past, and goes over to live if that was the last. */
    void replayed(FrameBlock block, Place reached, Runnable whenTaken) {
        if (closing.isBegun() || live || !channel.isActive()) {
            whenTaken.run();
        } else {
            place = reached;
            channel.writeAndFlush(block.share()).addListener(done -> whenTaken.run());
            if (hasCaughtUp()) {
                goLive();
            }
        }
        block.release();
    }

    // ---- the present ----

    /** Begins to hear what its hub hands out. */
    void goLive() {
        if (feed != null && hub != null && !live) {
            live = true;
            skipping = place.rank() >= 0;
            if (place.from().isEmpty()) {
                place = feed.last().from().isEmpty() ? hub.startsBehind() : feed.last();
            }
            feed.join(this, format);
            stopReplay();
        }
    }

    /** Writes a burst; at the first ones after a replay, without what it has seen there. */
    void live(FrameBlock block) {
        ByteBuf frames = skipping ? block.shareBehind(place.rank()) : block.share();
        if (skipping && frames.readableBytes() == block.bytes()) {
            skipping = false;
        }
        if (!frames.isReadable()) {
            frames.release();
        } else if (hasRoomFor(frames.readableBytes())) {
            channel.write(frames, channel.voidPromise());
            channel.flush();
        } else {
            frames.release();
            closeSlow();
        }
    }

    /** Tells that events are missing, if there is a way to tell it. */
    void gap(Gap gap) {
        if (format == Format.JSON && !closing.isBegun() && channel.isActive()) {
            byte[] text = EventJson.of(gap);
            ByteBuf frame = channel.alloc().directBuffer(text.length + 10);
            FrameEncoder.writeHead(frame, FrameEncoder.TEXT, text.length);
            channel.writeAndFlush(frame.writeBytes(text), channel.voidPromise());
        }
    }

    private boolean hasRoomFor(int bytes) {
        long waiting = pendingBytes();
        return waiting == 0 || waiting + bytes <= server.options().limits().maxSubscriberBytes();
    }

    private long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        setCongested(live && !channel.isWritable());
    }

    private void setCongested(boolean now) {
        if (feed != null && now != congested) {
            congested = now;
            feed.fanOut().pace().congested(now ? 1 : -1);
        }
    }

    // ---- what the client sends ----

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        heard = worker.now();
        if (!closing.isAnswered()) {
            reader.read(bytes);
        }
        bytes.release();
    }

    @Override
    public void control(int opcode, byte[] payload) {
        if (opcode == FrameReader.CLOSE) {
            int code = ClosingFrame.codeOf(payload);
            close(code, "");
            closing.answered();
        } else if (opcode == FrameReader.PING && !closing.isBegun()) {
            pong(payload);
        }
    }

    private void pong(byte[] payload) {
        if (hasRoomFor(payload.length)) {
            ByteBuf frame = channel.alloc().directBuffer(2 + payload.length);
            FrameEncoder.writeHead(frame, PONG, payload.length);
            channel.writeAndFlush(frame.writeBytes(payload), channel.voidPromise());
        } else {
            closeSlow();
        }
    }

    @Override
    public void broken(int closeCode, String reason) {
        close(closeCode, reason);
        closing.answered();
    }

    // ---- the end ----

    /** The place behind which it goes on if it comes again. */
    private Place whereItStands() {
        if (!live || feed == null || feed.last().from().isEmpty()) {
            return place;
        }
        return place.rank() > feed.last().rank() ? place : feed.last();
    }

    private void closeSlow() {
        server.subscriberWasSlow();
        closeToResume(CloseCode.SLOW, "slow");
    }

    /** The topic cannot be read any more. */
    void endOfTopic(String reason) {
        String brief = reason.length() > 60 ? reason.substring(0, 60) : reason;
        closeToResume(CloseCode.INTERNAL_ERROR, brief);
    }

    @Override
    void drainSubscriber() {
        closeToResume(CloseCode.GOING_AWAY, "shutdown");
    }

    private void closeToResume(int code, String why) {
        String advice = whereItStands().advice();
        String whole = advice.isEmpty() ? why : why + "; " + advice;
        boolean fits = whole.getBytes(StandardCharsets.UTF_8).length <= ClosingFrame.LONGEST_REASON;
        close(code, fits ? whole : why);
    }

    private void close(int code, String reason) {
        if (!closing.isBegun()) {
            closing.begin(code, reason);
            leave();
        }
    }

    /** Lets go of everything that it hears. */
    private void leave() {
        setCongested(false);
        stopReplay();
        if (feed != null && live) {
            live = false;
            feed.leave(this, format);
        }
    }

    private void stopReplay() {
        if (replay != null) {
            replay.stop();
            replay = null;
        }
    }

    /** Lets go of its hub; it will never hear again. */
    void abandon() {
        leave();
        if (feed != null && hub != null) {
            feed.detach();
            server.hubs().release(hub, System.nanoTime());
        }
    }

    /** A client that ends its output without a close frame is gone. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            channel.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        abandon();
        worker.remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Failures.ofConnection(cause);
        channel.close();
    }

    @Override
    void sweep(long now) {
        if (closing.isBegun()) {
            closing.sweep(now);
            return;
        }
        ServerTimeouts timeouts = server.options().timeouts();
        long ping = timeouts.ping().toNanos();
        if (now - heard > 3 * ping) {
            closeToResume(CloseCode.SILENT, "silent");
        } else if (isStuck(now, timeouts.idle().toNanos())) {
            closeSlow();
        } else if (now - Math.max(heard, pinged) > ping) {
            pinged = now;
            channel.writeAndFlush(PING.duplicate(), channel.voidPromise());
        }
    }

    /** Whether bytes wait and none has left for some time. */
    private boolean isStuck(long now, long patience) {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        Object first = buffer == null ? null : buffer.current();
        int mark =
                first == null ? 0 : System.identityHashCode(first) + (int) buffer.currentProgress();
        if (first == null || mark != movedBytes) {
            movedBytes = mark;
            movedAt = now;
        }
        return now - movedAt > patience;
    }

    @Override
    void kill() {
        channel.close();
    }
}
