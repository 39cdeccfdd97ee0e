// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import java.util.Arrays;

/**
 * The form of the ids that the runtime gives: 26 digits of base 32, the first ten of which are the
 * milliseconds since 1970 UTC.
 *
 * @see <a href="https://github.com/ulid/spec">the specification</a>
 */
public final class Ulid {

    /** Crockford's alphabet: it sorts like the numbers that it writes. */
    public static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /** How many characters there are. */
    public static final int LENGTH = 26;

    private static final int TIME_LENGTH = 10;
    private static final long FIRST_MILLIS_TOO_LATE = 1L << 48;
    private static final int NO_DIGIT = -1;
    private static final byte[] VALUES = values();

    private Ulid() {}

    private static byte[] values() {
        var values = new byte[128];
        Arrays.fill(values, (byte) NO_DIGIT);
        for (int at = 0; at < DIGITS.length(); at++) {
            values[DIGITS.charAt(at)] = (byte) at;
        }
        return values;
    }

    /** Whether a time, in milliseconds since 1970 UTC, can be that of an id: from 1970 to 10889. */
    public static boolean canHold(long millis) {
        return millis >= 0 && millis < FIRST_MILLIS_TOO_LATE;
    }

    /** The time of an id in milliseconds since 1970 UTC; -1 if the text is no such id. */
    public static long millis(String text) {
        if (text.length() != LENGTH) {
            return -1;
        }
        long millis = 0;
        for (int at = 0; at < LENGTH; at++) {
            char digit = text.charAt(at);
            int value = digit < VALUES.length ? VALUES[digit] : NO_DIGIT;
            if (value == NO_DIGIT) {
                return -1;
            }
            millis = at < TIME_LENGTH ? millis << 5 | value : millis;
        }
        return canHold(millis) ? millis : -1;
    }
}
