// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * How a delayed message looks while it waits, version 1: {@code version u8, due i64 (milliseconds
 * of the engine's clock), topic, message record}. The message record is what its topic will get.
 */
final class DelayedCodec {
    private static final byte VERSION = 1;

    private DelayedCodec() {}

    /** A delayed message made ready on the publisher's thread. */
    record Delayed(long due, byte[] topic, MessageCodec.Prepared message) {
        Delayed(long due, String topic, MessageCodec.Prepared message) {
            this(due, topic.getBytes(StandardCharsets.UTF_8), message);
        }

        int size() {
            return 1 + Long.BYTES + Varint.sizeOf(topic) + message.size();
        }

        void writeTo(ByteBuffer target) {
            target.put(VERSION).putLong(due);
            Varint.putBytes(target, topic);
            message.writeTo(target);
        }
    }

    /** When it is due; reads nothing else. */
    static long due(ByteBuffer source) {
        byte version = source.get(source.position());
        if (version != VERSION) {
            throw new IllegalArgumentException(
                    ("A delayed message has the record version %d, and this Lapwing reads version"
                                    + " %d; use the one that wrote it, or a newer one")
                            .formatted(version, VERSION));
        }
        return source.getLong(source.position() + 1);
    }

    /** Its topic; the message record is what is left then. */
    static String topic(ByteBuffer source) {
        due(source);
        source.position(source.position() + 1 + Long.BYTES);
        return Varint.getText(source);
    }
}
