// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads replies of nested lists, bytes and numbers. */
final class RedisReplies {
    private RedisReplies() {}

    static String text(@Nullable Object value) {
        return value instanceof byte[] bytes
                ? new String(bytes, StandardCharsets.UTF_8)
                : String.valueOf(value);
    }

    /** A number; -1 where there is none. */
    static long number(@Nullable Object value) {
        return value instanceof Long number
                ? number
                : value instanceof byte[] bytes ? Long.parseLong(text(bytes)) : -1;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(@Nullable Object value) {
        return value instanceof List<?> list ? (List<Object>) list : List.of();
    }

    /** A list of names and values in turn. */
    static Map<String, @Nullable Object> map(List<Object> list) {
        var map = new LinkedHashMap<String, @Nullable Object>();
        for (int at = 0; at + 1 < list.size(); at += 2) {
            map.put(text(list.get(at)), list.get(at + 1));
        }
        return map;
    }
}
