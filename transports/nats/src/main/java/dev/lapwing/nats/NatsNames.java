// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Names of streams, consumers and the tokens of subjects. Letters, digits, '_' and '-' stay as they
 * are; a dot becomes '+'; every other byte of the UTF-8 becomes '=' and two hexadecimal digits. So
 * each name has one form, and can be read back.
 */
final class NatsNames {

    private static final int LONGEST = 200;
    private static final char BETWEEN = '@';
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private NatsNames() {}

    /** The first word of a topic or a pattern. */
    static String firstWord(String topic) {
        int dot = topic.indexOf('.');
        return dot < 0 ? topic : topic.substring(0, dot);
    }

    /** The stream of a first word. */
    static String stream(String word) {
        return shortened(escape(word));
    }

    /** The durable consumer of a group on a topic or a pattern. */
    static String durable(String group, String topics) {
        return shortened(escape(group)) + BETWEEN + shortened(escape(topics));
    }

    /** The group of a durable consumer; its whole name where it was not made here. */
    static String group(String durable) {
        int between = durable.indexOf(BETWEEN);
        return between < 1 ? durable : unescape(durable.substring(0, between)).orElse(durable);
    }

    /** Whether this can be the name of a stream as it is. */
    static boolean isPlain(String name) {
        return !name.isEmpty()
                && name.length() <= 255
                && name.chars().allMatch(c -> c > ' ' && c <= '~' && ".*>/\\".indexOf(c) < 0);
    }

    /** A word of a subject that stands for any text. */
    static String escape(String text) {
        var name = new StringBuilder(text.length() + 8);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b == '.') {
                name.append('+');
            } else if (isSafe(b)) {
                name.append((char) b);
            } else {
                name.append('=').append(HEX.toHexDigits(b));
            }
        }
        return name.toString();
    }

    /** The text that was escaped; empty if this was not made by {@link #escape}. */
    static Optional<String> unescape(String name) {
        var bytes = new byte[name.length()];
        int length = 0;
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            if (c == '+') {
                bytes[length++] = '.';
            } else if (c < 128 && isSafe((byte) c)) {
                bytes[length++] = (byte) c;
            } else if (c == '=' && at + 2 < name.length() && isHex(name, at + 1)) {
                bytes[length++] = (byte) HexFormat.fromHexDigits(name, at + 1, at + 3);
                at += 2;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static boolean isHex(String name, int at) {
        return HexFormat.isHexDigit(name.charAt(at)) && HexFormat.isHexDigit(name.charAt(at + 1));
    }

    private static boolean isSafe(byte b) {
        return b >= 'a' && b <= 'z'
                || b >= 'A' && b <= 'Z'
                || b >= '0' && b <= '9'
                || b == '_'
                || b == '-';
    }

    /** Servers take 255 bytes; longer names end in a digest, which keeps them apart. */
    private static String shortened(String name) {
        if (name.length() <= LONGEST / 2) {
            return name;
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(name.getBytes(StandardCharsets.US_ASCII));
            return name.substring(0, LONGEST / 4) + "~" + HEX.formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
