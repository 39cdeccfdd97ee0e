// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that are unique and grow with time: 26 characters of base 32, of which 10 are milliseconds, 8
 * are drawn once for each source, and 8 count. Safe for use by many threads.
 */
final class MessageIds {

    /** Crockford's alphabet: it sorts like the numbers that it writes. */
    private static final byte[] DIGITS =
            "0123456789ABCDEFGHJKMNPQRSTVWXYZ".getBytes(StandardCharsets.US_ASCII);

    private static final int LENGTH = 26;
    private static final int BEGINNING = 18;

    /** What the ids of one millisecond begin with. */
    private record Beginning(long millis, byte[] text) {}

    private final Clock clock;
    private final long source;
    private final AtomicLong count = new AtomicLong();
    private volatile Beginning beginning;

    MessageIds(Clock clock) {
        this(clock, new SecureRandom().nextLong());
    }

    MessageIds(Clock clock, long source) {
        this.clock = clock;
        this.source = source;
        beginning = beginning(clock.millis());
    }

    /** An id that was never given before. */
    String next() {
        long millis = clock.millis();
        Beginning now = beginning;
        if (now.millis() != millis) {
            now = beginning(millis);
            beginning = now;
        }
        byte[] text = Arrays.copyOf(now.text(), LENGTH);
        write(text, BEGINNING, LENGTH - BEGINNING, count.getAndIncrement());
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private Beginning beginning(long millis) {
        var text = new byte[BEGINNING];
        write(text, 0, 10, millis);
        write(text, 10, 8, source);
        return new Beginning(millis, text);
    }

    private static void write(byte[] text, int from, int digits, long value) {
        long rest = value;
        for (int at = from + digits - 1; at >= from; at--) {
            text[at] = DIGITS[(int) rest & 31];
            rest >>>= 5;
        }
    }
}
