// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the entries of one stream from a reply, with all their fields in order, repeated ones too.
 * The thread of the wire writes it.
 */
final class RedisEntries extends CommandOutput<byte[], byte[], List<RedisEntry>> {
    private static final byte[][] NONE = {};

    /** How many lists stand around the list of entries. */
    private final int around;

    private int depth;
    private @Nullable String id;
    private byte[][] fields = NONE;
    private int filled;

    private RedisEntries(int around) {
        super(ByteArrayCodec.INSTANCE, new ArrayList<>());
        this.around = around;
    }

    /** Of XREAD and XREADGROUP for one stream: nothing, or a list of one pair of key and list. */
    static RedisEntries ofRead() {
        return new RedisEntries(2);
    }

    /** Of XRANGE: a list of entries. */
    static RedisEntries ofRange() {
        return new RedisEntries(0);
    }

    @Override
    public void multi(int count) {
        depth++;
        if (depth == around + 3 && count > 0) {
            fields = new byte[count][];
            filled = 0;
        }
    }

    @Override
    public void set(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        if (depth == around + 2) {
            id = new String(copy, StandardCharsets.ISO_8859_1);
        } else if (depth == around + 3) {
            fields[filled++] = copy;
        }
    }

    /** Called with the number of lists that are still open, for each thing that was read. */
    @Override
    public void complete(int open) {
        if (open >= depth) {
            return;
        }
        String entry = id;
        if (depth == around + 2 && entry != null) {
            output.add(new RedisEntry(entry, fields));
            id = null;
            fields = NONE;
        }
        depth = open;
    }
}
