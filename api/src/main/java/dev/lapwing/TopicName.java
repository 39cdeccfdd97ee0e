// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import java.nio.charset.StandardCharsets;

/**
 * The rules of a topic's name: words joined by dots, any Unicode letters, 1 to 255 bytes of UTF-8,
 * no empty word, no control character, no white space, no {@code *} and no {@code >}.
 *
 * <p>Names whose first word begins with {@code _} belong to Lapwing ({@code _dead…}, {@code
 * _reply…}): they may be read, and patterns that begin with a wildcard pass them by.
 */
public final class TopicName {

    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 255;

    private TopicName() {}

    /**
     * Returns the name if it is valid.
     *
     * @throws InvalidTopicException if it is not; says what is wrong with it
     */
    public static String check(String name) {
        checkCharacters(name, "topic");
        if (name.indexOf('*') >= 0 || name.indexOf('>') >= 0) {
            throw new InvalidTopicException(
                    name,
                    "is a pattern, and here the name of one topic is needed; patterns are for"
                            + " subscribe");
        }
        return name;
    }

    /** Whether the name belongs to Lapwing itself. */
    public static boolean isReserved(String name) {
        return !name.isEmpty() && name.charAt(0) == '_';
    }

    static void checkCharacters(String name, String what) {
        if (name.isEmpty()) {
            throw new InvalidTopicException(
                    name, "is empty; a " + what + " has at least one character");
        }
        boolean wordBegins = true;
        for (int at = 0; at < name.length(); at++) {
            char c = name.charAt(at);
            if (c == '.') {
                if (wordBegins) {
                    throw new InvalidTopicException(
                            name, "has an empty word; words are joined by single dots");
                }
                wordBegins = true;
            } else {
                checkCharacter(name, at, c);
                wordBegins = false;
            }
        }
        if (wordBegins) {
            throw new InvalidTopicException(
                    name, "has an empty word; words are joined by single dots");
        }
        if (name.length() > MAX_BYTES / 3) {
            checkLength(name);
        }
    }

    private static void checkCharacter(String name, int at, char c) {
        if (Character.isISOControl(c)) {
            throw new InvalidTopicException(
                    name, "has the control character U+%04X at index %d".formatted((int) c, at));
        }
        if (c == ' ' || (c > 127 && Character.isSpaceChar(c))) {
            throw new InvalidTopicException(name, "has white space at index " + at);
        }
        if (Character.isSurrogate(c) && !isPaired(name, at)) {
            throw new InvalidTopicException(name, "is not valid Unicode at index " + at);
        }
    }

    private static boolean isPaired(String name, int at) {
        char c = name.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < name.length() && Character.isLowSurrogate(name.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(name.charAt(at - 1));
    }

    private static void checkLength(String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new InvalidTopicException(
                    name, "has %d bytes of UTF-8; the limit is %d".formatted(bytes, MAX_BYTES));
        }
    }
}
