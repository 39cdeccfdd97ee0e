// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/** Unmasked text frames as RFC 6455, section 5.2, lays them out; up to 65,535 bytes of payload. */
final class WebSocketText {
    private static final int TEXT_FINAL = 0x81;
    private static final int SHORT_PAYLOAD = 125;
    private static final int TWO_BYTE_LENGTH = 126;

    private WebSocketText() {}

    static int headerBytes(int payloadBytes) {
        return payloadBytes <= SHORT_PAYLOAD ? 2 : 4;
    }

    /** The two first bytes of a text frame, as a big-endian short. */
    static int firstTwoBytes(int payloadBytes) {
        int length = payloadBytes <= SHORT_PAYLOAD ? payloadBytes : TWO_BYTE_LENGTH;
        return TEXT_FINAL << 8 | length;
    }

    static ByteBuf serverFrame(ByteBuf payload) {
        int bytes = payload.readableBytes();
        ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(headerBytes(bytes) + bytes);
        frame.writeShort(firstTwoBytes(bytes));
        if (bytes > SHORT_PAYLOAD) {
            frame.writeShort(bytes);
        }
        return frame.writeBytes(payload);
    }
}
