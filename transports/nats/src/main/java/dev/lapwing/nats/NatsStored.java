// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where the server says that a message stands: {@code {"stream":"orders","seq":12}}.
 *
 * @param sequence its number in the stream
 * @param duplicate whether an earlier message of the same id was found
 */
record NatsStored(long sequence, boolean duplicate) {

    private static final byte[] SEQUENCE = ascii("\"seq\":");
    private static final byte[] ERROR = ascii("\"error\"");
    private static final byte[] DUPLICATE = ascii("\"duplicate\"");

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Reads an answer; null if it is an error, or looks unlike what servers write. */
    static @Nullable NatsStored read(byte[] json) {
        int at = find(json, SEQUENCE);
        if (at < 0 || find(json, ERROR) >= 0) {
            return null;
        }
        int from = at + SEQUENCE.length;
        while (from < json.length && json[from] == ' ') {
            from++;
        }
        long sequence = 0;
        int to = from;
        while (to < json.length && json[to] >= '0' && json[to] <= '9') {
            sequence = sequence * 10 + (json[to++] - '0');
        }
        return to == from ? null : new NatsStored(sequence, find(json, DUPLICATE) >= 0);
    }

    private static int find(byte[] text, byte[] word) {
        for (int at = 0; at <= text.length - word.length; at++) {
            if (text[at] == word[0]
                    && Arrays.equals(text, at, at + word.length, word, 0, word.length)) {
                return at;
            }
        }
        return -1;
    }
}
