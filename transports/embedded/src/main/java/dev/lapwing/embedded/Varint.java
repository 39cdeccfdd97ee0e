// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Whole numbers from 0 up in as few bytes as they need: seven bits a byte, the low ones first. */
final class Varint {
    private Varint() {}

    static int size(long value) {
        int bits = 64 - Long.numberOfLeadingZeros(value | 1);
        return (bits + 6) / 7;
    }

    static void put(ByteBuffer target, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        target.put((byte) rest);
    }

    static long get(ByteBuffer source) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = source.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number has more than 64 bits");
    }

    /** The size of bytes behind their length. */
    static int sizeOf(byte[] bytes) {
        return size(bytes.length) + bytes.length;
    }

    static void putBytes(ByteBuffer target, byte[] bytes) {
        put(target, bytes.length);
        target.put(bytes);
    }

    static byte[] getBytes(ByteBuffer source) {
        long length = get(source);
        if (length < 0 || length > source.remaining()) {
            throw new IllegalArgumentException(
                    "a field has %d bytes, and %d are left".formatted(length, source.remaining()));
        }
        byte[] bytes = new byte[(int) length];
        source.get(bytes);
        return bytes;
    }

    static void skipBytes(ByteBuffer source) {
        long length = get(source);
        source.position(source.position() + (int) length);
    }

    static String getText(ByteBuffer source) {
        return new String(getBytes(source), StandardCharsets.UTF_8);
    }
}
