// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Delivery;
import dev.lapwing.gateway.Tails;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Writes events as WebSocket frames, once for all who read them. Safe for use by many threads. */
final class FrameEncoder {
    /** How a text frame that stands alone starts. */
    static final int TEXT = 0x81;

    private static final int BINARY = 0x82;
    private static final int LONGEST_HEAD = 10;
    private static final int JSON_ROOM = 256;

    private final ByteBufAllocator allocator;
    private final Tails tails;
    private final boolean withTopic;

    /**
     * An encoder.
     *
     * @param withTopic whether a JSON event names its topic, because there may be many
     */
    FrameEncoder(ByteBufAllocator allocator, Tails tails, boolean withTopic) {
        this.allocator = allocator;
        this.tails = tails;
        this.withTopic = withTopic;
    }

    FrameBlock encode(Format format, List<Delivery> events) {
        int size = 0;
        for (Delivery event : events) {
            size += event.message().payload().length + LONGEST_HEAD;
        }
        int room = format == Format.JSON ? JSON_ROOM * events.size() : 0;
        ByteBuf frames = allocator.directBuffer(size + room);
        int[] ends = new int[events.size()];
        long[] ranks = new long[events.size()];
        try {
            var scratch = new ByteArrayOutputStream(format == Format.JSON ? 512 : 0);
            for (int at = 0; at < ends.length; at++) {
                Delivery event = events.get(at);
                write(format, event, frames, scratch);
                ends[at] = frames.writerIndex();
                ranks[at] = tails.placeOf(event).rank();
            }
            return new FrameBlock(frames, ends, ranks);
        } catch (RuntimeException e) {
            frames.release();
            throw e;
        }
    }

    private void write(
            Format format, Delivery event, ByteBuf frames, ByteArrayOutputStream scratch) {
        if (format == Format.RAW) {
            byte[] payload = event.message().payload();
            writeHead(frames, Utf8.isValid(payload) ? TEXT : BINARY, payload.length);
            frames.writeBytes(payload);
        } else {
            scratch.reset();
            EventJson.write(event, withTopic, scratch);
            writeHead(frames, TEXT, scratch.size());
            frames.writeBytes(scratch.toByteArray());
        }
    }

    /** The head of a frame that a server sends. */
    static void writeHead(ByteBuf out, int start, int length) {
        out.writeByte(start);
        if (length < 126) {
            out.writeByte(length);
        } else if (length < 1 << 16) {
            out.writeByte(126).writeShort(length);
        } else {
            out.writeByte(127).writeLong(length);
        }
    }
}
