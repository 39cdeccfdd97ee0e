// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a request goes: its path, still percent-encoded, and the parameters behind it, decoded.
 *
 * @param path the path, from its first slash
 * @param parameters the query's parameters, in order
 */
record Target(String path, List<Parameter> parameters) {

    /** One parameter of a query. */
    record Parameter(String name, String value) {}

    /**
     * Reads a request target; one with scheme and host is read as if it had none.
     *
     * @throws Refusal if its percent-encoding is not valid
     */
    static Target parse(String text) {
        String local = text;
        if (!text.startsWith("/") && text.contains("://")) {
            int slash = text.indexOf('/', text.indexOf("://") + 3);
            local = slash < 0 ? "/" : text.substring(slash);
        }
        int fragment = local.indexOf('#');
        local = fragment < 0 ? local : local.substring(0, fragment);
        int mark = local.indexOf('?');
        return mark < 0
                ? new Target(local, List.of())
                : new Target(local.substring(0, mark), query(local.substring(mark + 1)));
    }

    private static List<Parameter> query(String text) {
        var parameters = new ArrayList<Parameter>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : pair.substring(equals + 1);
                parameters.add(
                        new Parameter(
                                decode(name.replace('+', ' ')), decode(value.replace('+', ' '))));
            }
        }
        return parameters;
    }

    /** The first value of a parameter. */
    Optional<String> parameter(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return Optional.of(parameter.value());
            }
        }
        return Optional.empty();
    }

    /**
     * Text without its percent-encoding. Bytes beyond ASCII may also stand unencoded.
     *
     * @param text with one character for each byte, as the head of a request is read
     * @throws Refusal if it is not the encoding of UTF-8
     */
    static String decode(String text) {
        if (text.indexOf('%') < 0 && isAscii(text)) {
            return text;
        }
        byte[] bytes = new byte[text.length()];
        int length = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '%') {
                bytes[length++] = (byte) hexPair(text, at + 1);
                at += 2;
            } else {
                bytes[length++] = (byte) c;
            }
        }
        return utf8(java.util.Arrays.copyOf(bytes, length), text);
    }

    /** Text that was sent as raw UTF-8 in the head of a request. */
    static String raw(String text) {
        return isAscii(text) ? text : utf8(text.getBytes(StandardCharsets.ISO_8859_1), text);
    }

    private static String utf8(byte[] bytes, String source) {
        try {
            return Utf8.decode(bytes);
        } catch (CharacterCodingException e) {
            throw new Refusal(
                    Problem.badRequest(
                            "'%s' is not UTF-8; send Unicode as percent-encoded UTF-8"
                                    .formatted(printable(source))));
        }
    }

    private static int hexPair(String text, int at) {
        int high = at + 1 < text.length() ? Character.digit(text.charAt(at), 16) : -1;
        int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        if (high < 0 || low < 0) {
            throw new Refusal(
                    Problem.badRequest(
                            "'%s' has a %% that two hexadecimal digits do not follow; write %%25"
                                    .formatted(printable(text))));
        }
        return high << 4 | low;
    }

    private static boolean isAscii(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (text.charAt(at) > 127) {
                return false;
            }
        }
        return true;
    }

    /** A text from outside, fit to stand in an answer. */
    static String printable(String text) {
        String cut = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return cut.replaceAll("[\\p{Cntrl}\\x80-\\xff]", "?");
    }
}
