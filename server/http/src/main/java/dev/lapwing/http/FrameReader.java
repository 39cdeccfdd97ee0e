// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.buffer.ByteBuf;

/**
 * Reads the frames that a client sends, as RFC 6455 defines them: control frames are handed over,
 * data frames are counted and passed over, so that they never take memory. For one thread.
 */
final class FrameReader {

    /** Hears what was read; after {@link #broken} nothing more is read. */
    interface Listener {
        /** A whole control frame: its opcode and its payload, valid during the call. */
        void control(int opcode, byte[] payload);

        /** The client broke the protocol, or a limit. */
        void broken(int closeCode, String reason);
    }

    static final int CLOSE = 0x8;
    static final int PING = 0x9;
    static final int PONG = 0xA;

    private static final int LONGEST_HEADER = 14;
    private static final int LONGEST_CONTROL = 125;

    private final long maxMessageBytes;
    private final Listener listener;

    private byte[] pending = new byte[LONGEST_HEADER];
    private int filled;
    private long toSkip;
    private long messageBytes;
    private boolean inMessage;
    private boolean broken;

    FrameReader(long maxMessageBytes, Listener listener) {
        this.maxMessageBytes = maxMessageBytes;
        this.listener = listener;
    }

    /** Reads all that is there. */
    void read(ByteBuf in) {
        while (!broken && in.isReadable()) {
            if (toSkip > 0) {
                int skipped = (int) Math.min(toSkip, in.readableBytes());
                in.skipBytes(skipped);
                toSkip -= skipped;
            } else {
                readHead(in);
            }
        }
    }

    /** Gathers the header of a frame, and the payload too if it is a control frame. */
    private void readHead(ByteBuf in) {
        int wanted = wanted();
        int taken = Math.min(wanted - filled, in.readableBytes());
        in.readBytes(pending, filled, taken);
        filled += taken;
        if (filled == 2 && !checkStart()) {
            return;
        }
        if (filled == wanted() && filled > 2) {
            frame();
            filled = 0;
        }
    }

    /** How many bytes belong together, as far as it can be told from those that are here. */
    private int wanted() {
        if (filled < 2) {
            return 2;
        }
        int length = pending[1] & 0x7F;
        int header = 6 + (length == 126 ? 2 : length == 127 ? 8 : 0);
        return isControl() ? header + length : header;
    }

    private boolean isControl() {
        return (pending[0] & 0x08) != 0;
    }

    private boolean checkStart() {
        int opcode = pending[0] & 0x0F;
        int length = pending[1] & 0x7F;
        boolean last = (pending[0] & 0x80) != 0;
        if ((pending[0] & 0x70) != 0) {
            return fail("a frame has reserved bits set, and no extension was agreed on");
        }
        if ((pending[1] & 0x80) == 0) {
            return fail("a frame is not masked; clients must mask");
        }
        if (opcode > PONG || (opcode > 2 && opcode < CLOSE)) {
            return fail("opcode %d does not exist".formatted(opcode));
        }
        if (isControl()) {
            return checkControl(last, length);
        }
        if (inMessage != (opcode == 0)) {
            return fail(
                    inMessage
                            ? "a message begins inside another one"
                            : "a continuation without a message to continue");
        }
        return true;
    }

    private boolean checkControl(boolean last, int length) {
        if (!last || length > LONGEST_CONTROL) {
            return fail("a control frame is in pieces or longer than 125 bytes");
        }
        if (pending.length < LONGEST_HEADER + LONGEST_CONTROL && length + 6 > pending.length) {
            pending = java.util.Arrays.copyOf(pending, 6 + LONGEST_CONTROL);
        }
        return true;
    }

    private void frame() {
        int length = pending[1] & 0x7F;
        if (isControl()) {
            listener.control(pending[0] & 0x0F, unmasked(length));
            return;
        }
        long bytes = length < 126 ? length : longLength(length == 126 ? 2 : 8);
        if (bytes < 0 || (length == 126 && bytes < 126) || (length == 127 && bytes < 1 << 16)) {
            fail("the length of a frame is not written in the shortest way");
            return;
        }
        messageBytes += bytes;
        if (bytes > maxMessageBytes || messageBytes > maxMessageBytes) {
            broken = true;
            listener.broken(
                    CloseCode.TOO_BIG,
                    "a message is longer than %d bytes".formatted(maxMessageBytes));
            return;
        }
        toSkip = bytes;
        inMessage = (pending[0] & 0x80) == 0;
        messageBytes = inMessage ? messageBytes : 0;
    }

    private long longLength(int bytes) {
        long value = 0;
        for (int at = 0; at < bytes; at++) {
            value = value << 8 | (pending[2 + at] & 0xFF);
        }
        return value;
    }

    private byte[] unmasked(int length) {
        byte[] payload = new byte[length];
        for (int at = 0; at < length; at++) {
            payload[at] = (byte) (pending[6 + at] ^ pending[2 + (at & 3)]);
        }
        return payload;
    }

    private boolean fail(String reason) {
        broken = true;
        listener.broken(CloseCode.PROTOCOL_ERROR, reason);
        return false;
    }
}
