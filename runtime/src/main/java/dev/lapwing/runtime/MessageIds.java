// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Message;
import dev.lapwing.spi.Ulid;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Ids that are unique and sort by the time of their messages: 26 characters of base 32, of which 10
 * are milliseconds, 8 are drawn once for each source, and 8 count. Each is a {@link Ulid}. Safe for
 * use by many threads.
 */
final class MessageIds {
    private static final int LENGTH = Ulid.LENGTH;
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

    /** An id of this moment that was never given before. */
    String next() {
        return next(clock.millis());
    }

    /** An id for a message that was never given before, of the time of the message. */
    String next(Message message) {
        long millis = message.timestamp().toEpochMilli();
        return Ulid.canHold(millis) ? next(millis) : next();
    }

    private String next(long millis) {
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
            text[at] = (byte) Ulid.DIGITS.charAt((int) rest & 31);
            rest >>>= 5;
        }
    }
}
