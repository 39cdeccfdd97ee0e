// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.buffer.ByteBuf;

/** Events as WebSocket frames, laid end to end in one buffer that all their readers share. */
final class FrameBlock {
    private final ByteBuf frames;
    private final int[] ends;
    private final long[] ranks;

    /**
     * A block; takes the buffer over.
     *
     * @param ends where the frame of each event ends in the buffer
     * @param ranks how far each event stands in its topic; -1 where that cannot be compared
     */
    FrameBlock(ByteBuf frames, int[] ends, long[] ranks) {
        this.frames = frames;
        this.ends = ends;
        this.ranks = ranks;
    }

    /** How many bytes all frames have. */
    int bytes() {
        return frames.readableBytes();
    }

    /** All frames, for one more reader. */
    ByteBuf share() {
        return frames.retainedDuplicate();
    }

    /** The frames of the events behind a place, for one more reader; may be empty. */
    ByteBuf shareBehind(long rank) {
        int first = 0;
        while (first < ranks.length && ranks[first] <= rank) {
            first++;
        }
        int from = first == 0 ? 0 : ends[first - 1];
        return frames.retainedSlice(from, frames.writerIndex() - from);
    }

    /** Gives the buffer back; readers keep it as long as they need it. */
    void release() {
        frames.release();
    }
}
