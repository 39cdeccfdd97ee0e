// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bare fan-out: each event loop owns its subscribers, frames of one turn of the loop are joined
 * into one buffer that all of them share, and each connection is written once per turn.
 */
final class BareFanout {
    private final Map<EventExecutor, Hub> hubs = new HashMap<>();

    BareFanout(EventLoopGroup group) {
        group.forEach(loop -> hubs.put(loop, new Hub(loop)));
    }

    void subscribe(Channel channel) {
        Hub hub = hub(channel);
        hub.subscribers.add(channel);
        channel.closeFuture().addListener(_ -> hub.subscribers.remove(channel));
    }

    /** Hands the frame to every loop; the lock gives all loops the same order. */
    synchronized void publish(ByteBuf payload) {
        ByteBuf frame = WebSocketText.serverFrame(payload);
        for (Hub hub : hubs.values()) {
            ByteBuf shared = frame.retainedDuplicate();
            if (hubs.size() == 1) {
                hub.offer(shared);
            } else {
                hub.loop.execute(() -> hub.offer(shared));
            }
        }
        frame.release();
    }

    private Hub hub(Channel channel) {
        Hub hub = hubs.get(channel.eventLoop());
        if (hub == null) {
            throw new IllegalStateException(channel + " runs on a loop of another group");
        }
        return hub;
    }

    /** The subscribers of one event loop; used on that loop only. */
    private static final class Hub {
        private final EventExecutor loop;
        private final List<Channel> subscribers = new ArrayList<>();
        private final List<ByteBuf> burst = new ArrayList<>();

        Hub(EventExecutor loop) {
            this.loop = loop;
        }

        void offer(ByteBuf frame) {
            burst.add(frame);
            if (burst.size() == 1) {
                loop.execute(this::flush);
            }
        }

        private void flush() {
            ByteBuf joined = join();
            for (Channel subscriber : subscribers) {
                subscriber.writeAndFlush(joined.retainedDuplicate(), subscriber.voidPromise());
            }
            joined.release();
        }

        private ByteBuf join() {
            int bytes = burst.stream().mapToInt(ByteBuf::readableBytes).sum();
            ByteBuf joined = PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
            for (ByteBuf frame : burst) {
                joined.writeBytes(frame);
                frame.release();
            }
            burst.clear();
            return joined;
        }
    }
}
