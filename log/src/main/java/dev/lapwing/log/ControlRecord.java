// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the log writes about its own streams, in its control stream. */
sealed interface ControlRecord {
    /** A stream begins. */
    record Create(int stream, String name) implements ControlRecord {}

    /** A stream ends with all that is in it. */
    record Drop(int stream) implements ControlRecord {}

    /** A stream gives up what is before this position. */
    record Trim(int stream, long before) implements ControlRecord {}

    /** A record of a kind that a newer program wrote. */
    record Unknown(int kind) implements ControlRecord {}

    /** The bytes of the record. */
    default byte[] encode() {
        return switch (this) {
            case Create create -> {
                var name = create.name.getBytes(StandardCharsets.UTF_8);
                yield start(1, create.stream, name.length).put(name).array();
            }
            case Drop drop -> start(2, drop.stream, 0).array();
            case Trim trim -> start(3, trim.stream, Long.BYTES).putLong(trim.before).array();
            case Unknown unknown -> new byte[] {(byte) unknown.kind};
        };
    }

    private static ByteBuffer start(int kind, int stream, int more) {
        return ByteBuffer.allocate(1 + Integer.BYTES + more).put((byte) kind).putInt(stream);
    }

    /** Reads a record from the remaining bytes. */
    static ControlRecord decode(ByteBuffer bytes) {
        int kind = bytes.get();
        return switch (kind) {
            case 1 -> {
                int stream = bytes.getInt();
                var name = new byte[bytes.remaining()];
                bytes.get(name);
                yield new Create(stream, new String(name, StandardCharsets.UTF_8));
            }
            case 2 -> new Drop(bytes.getInt());
            case 3 -> new Trim(bytes.getInt(), bytes.getLong());
            default -> new Unknown(kind);
        };
    }
}
