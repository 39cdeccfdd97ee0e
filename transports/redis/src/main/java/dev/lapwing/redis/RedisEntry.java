// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

/** An entry of a stream. */
final class RedisEntry {
    private final String id;
    private final byte[][] fields;

    /**
     * An entry.
     *
     * @param id as the server writes it: {@code 1700000000000-0}
     * @param fields names and values in turn, as they were added; shared
     */
    RedisEntry(String id, byte[][] fields) {
        this.id = id;
        this.fields = fields;
    }

    String id() {
        return id;
    }

    byte[][] fields() {
        return fields;
    }

    /** Whether the first id stands before the second. */
    static boolean isBefore(String first, String second) {
        int dash = first.indexOf('-');
        int other = second.indexOf('-');
        int byTime =
                Long.compareUnsigned(
                        Long.parseUnsignedLong(first, 0, dash, 10),
                        Long.parseUnsignedLong(second, 0, other, 10));
        return byTime != 0
                ? byTime < 0
                : Long.compareUnsigned(
                                Long.parseUnsignedLong(first, dash + 1, first.length(), 10),
                                Long.parseUnsignedLong(second, other + 1, second.length(), 10))
                        < 0;
    }
}
