// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

/**
 * What a message of Lapwing carries beside its payload: an id of 26 characters, and when it was
 * published. Used by one thread.
 */
final class Marks {
    static final String ID = "lapwing-id";
    static final String TIME = "lapwing-time";

    private static final long FIRST = 10_000_000;

    private final String source = "%018d".formatted(System.nanoTime());
    private long next = FIRST;

    /** An id that was not given before. */
    String id() {
        return source + next++;
    }

    /** The time now, in milliseconds since 1970. */
    long time() {
        return System.currentTimeMillis();
    }
}
