// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.LongString;
import com.rabbitmq.client.impl.LongStringHelper;

import dev.lapwing.Headers;
import dev.lapwing.Headers.Header;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Headers as a table of AMQP and back. A table has each name once and its order is not kept by all
 * clients: a name that stands more than once is one entry with an array, and where the order is not
 * that of the names, one more entry, {@value #ORDER}, has the names in their order.
 *
 * <p>Text is a string of AMQP, other bytes are its byte array. Of what foreign clients write,
 * numbers, booleans and times arrive as text, and tables as JSON.
 */
final class RabbitHeaders {
    static final String ORDER = "lapwing-order";

    /** Headers by which RabbitMQ copies a message to more routing keys; they must be arrays. */
    private static final List<String> COPIES = List.of("CC", "BCC");

    private RabbitHeaders() {}

    /** Adds headers to a table that has none of these names. */
    static void write(Headers headers, Map<String, Object> table) {
        List<String> names = new ArrayList<>(headers.size());
        boolean sorted = true;
        String before = "";
        for (Header header : headers) {
            String name = header.name();
            sorted &= before.compareTo(name) <= 0;
            before = name;
            names.add(name);
            add(table, name, value(header.value()));
        }
        if (!sorted) {
            table.put(ORDER, names);
        }
    }

    private static void add(Map<String, Object> table, String name, Object value) {
        Object known = table.get(name);
        if (known instanceof List<?> values) {
            var longer = new ArrayList<Object>(values);
            longer.add(value);
            table.put(name, longer);
        } else if (known != null) {
            table.put(name, List.of(known, value));
        } else {
            table.put(name, COPIES.contains(name) ? List.of(value) : value);
        }
    }

    private static Object value(byte[] bytes) {
        return isText(bytes) ? LongStringHelper.asLongString(bytes) : bytes;
    }

    private static boolean isText(byte[] bytes) {
        boolean ascii = true;
        for (byte each : bytes) {
            ascii &= each >= 0;
        }
        if (ascii) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /**
     * Reads the entries of a table, and further headers by name, in the order they were written.
     */
    static Headers read(Map<String, @Nullable Object> table, Map<String, String> further) {
        var values = new TreeMap<String, Deque<byte[]>>();
        table.forEach((name, value) -> {
            if (!name.equals(ORDER)) {
                values.put(name, bytes(value));
            }
        });
        further.forEach((name, value) -> values.put(name, bytes(value)));
        List<Header> headers = new ArrayList<>(values.size());
        if (table.get(ORDER) instanceof List<?> order) {
            for (Object each : order) {
                take(String.valueOf(each), values, headers);
            }
        }
        values.forEach((name, left) -> left.forEach(value -> headers.add(new Header(name, value))));
        return Headers.of(headers);
    }

    private static void take(String name, Map<String, Deque<byte[]>> values, List<Header> headers) {
        Deque<byte[]> left = values.get(name);
        byte[] value = left == null ? null : left.poll();
        if (value != null) {
            headers.add(new Header(name, value));
        }
    }

    private static Deque<byte[]> bytes(@Nullable Object value) {
        var all = new ArrayDeque<byte[]>();
        if (value instanceof List<?> list) {
            list.forEach(each -> all.add(single(each)));
        } else {
            all.add(single(value));
        }
        return all;
    }

    private static byte[] single(@Nullable Object value) {
        return switch (value) {
            case null -> new byte[0];
            case LongString text -> text.getBytes();
            case byte[] bytes -> bytes;
            case Map<?, ?> nested -> RabbitJson.text(nested).getBytes(StandardCharsets.UTF_8);
            case List<?> nested -> RabbitJson.text(nested).getBytes(StandardCharsets.UTF_8);
            default -> scalar(value).getBytes(StandardCharsets.UTF_8);
        };
    }

    /** A number, a boolean or a time as text. */
    static String scalar(Object value) {
        return switch (value) {
            case Date date -> date.toInstant().toString();
            case BigDecimal decimal -> decimal.toPlainString();
            default -> value.toString();
        };
    }

    /** A table without entries, to be written to. */
    static Map<String, Object> table() {
        return new LinkedHashMap<>();
    }
}
