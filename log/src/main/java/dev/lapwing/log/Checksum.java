// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C over ranges of buffers. For one thread at a time. */
final class Checksum {
    private final CRC32C crc = new CRC32C();

    /** The checksum of the bytes from, inclusive, to, exclusive; the limit ends at the capacity. */
    int of(ByteBuffer buffer, int from, int to) {
        buffer.limit(to).position(from);
        crc.reset();
        crc.update(buffer);
        buffer.limit(buffer.capacity());
        return (int) crc.getValue();
    }
}
