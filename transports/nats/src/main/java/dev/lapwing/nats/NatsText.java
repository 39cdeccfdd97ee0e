// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.spi.WireHeaders;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/**
 * Header names and values as NATS carries them: printable ASCII. What is that already stays as it
 * is; everything else is written as an encoded word of RFC 2047, {@code =?utf-8?B?…?=}, or {@code
 * =?binary?B?…?=} where it is not UTF-8.
 */
final class NatsText {

    private static final String UTF8 = "=?utf-8?B?";
    private static final String BINARY = "=?binary?B?";
    private static final String END = "?=";

    /** Headers that are fields of a message, so that a user's header of that name is encoded. */
    private static final Set<String> FIELDS =
            Set.of(
                    NatsHeaders.MESSAGE_ID,
                    NatsHeaders.ORDER,
                    WireHeaders.ID,
                    WireHeaders.KEY,
                    WireHeaders.TIME,
                    WireHeaders.REPLY_TO,
                    WireHeaders.CORRELATION_ID);

    private NatsText() {}

    static boolean isField(String name) {
        return FIELDS.contains(name);
    }

    static boolean isPlain(String text) {
        int size = text.length();
        int outside = 0;
        for (int at = 0; at < size; at++) {
            char c = text.charAt(at);
            outside |= (c - ' ') | ('~' - c);
        }
        return size == 0
                || outside >= 0
                        && text.charAt(0) != ' '
                        && text.charAt(size - 1) != ' '
                        && !text.startsWith("=?");
    }

    static boolean isPlain(byte[] text) {
        for (byte b : text) {
            if (b < ' ' || b > '~') {
                return false;
            }
        }
        int size = text.length;
        return size == 0
                || text[0] != ' '
                        && text[size - 1] != ' '
                        && (size < 2 || text[0] != '=' || text[1] != '?');
    }

    /** An encoded word. */
    static String encode(byte[] value) {
        return (isUtf8(value) ? UTF8 : BINARY) + Base64.getEncoder().encodeToString(value) + END;
    }

    /** A header's name on the wire. */
    static String name(String name) {
        return isPlain(name)
                        && name.indexOf(' ') < 0
                        && name.indexOf(':') < 0
                        && !FIELDS.contains(name)
                ? name
                : encode(name.getBytes(StandardCharsets.UTF_8));
    }

    /** What an encoded word stands for; anything else is its own UTF-8. */
    static byte[] decode(String text) {
        if (text.startsWith("=?") && text.endsWith(END)) {
            String start = text.substring(0, Math.min(UTF8.length() + 1, text.length()));
            int begin =
                    start.toLowerCase(Locale.ROOT).startsWith("=?utf-8?b?")
                            ? UTF8.length()
                            : start.startsWith(BINARY) ? BINARY.length() : -1;
            if (begin > 0 && text.length() >= begin + END.length()) {
                try {
                    return Base64.getDecoder()
                            .decode(text.substring(begin, text.length() - END.length()));
                } catch (IllegalArgumentException notEncoded) {
                    return text.getBytes(StandardCharsets.UTF_8);
                }
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What an encoded word stands for, as text. */
    static String decodeText(String text) {
        return text.startsWith("=?") ? new String(decode(text), StandardCharsets.UTF_8) : text;
    }

    private static boolean isUtf8(byte[] value) {
        try {
            var unused = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
