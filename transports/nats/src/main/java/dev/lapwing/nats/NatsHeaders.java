// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Headers.Header;
import dev.lapwing.Message;
import dev.lapwing.spi.WireHeaders;

import io.nats.client.impl.Headers;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The headers of a message that is sent, written once as the bytes that go over the wire, in the
 * order of the message. The client takes them as they are.
 */
final class NatsHeaders extends Headers {

    /**
     * Where the server looks for ids, in a whole stream; so the id is followed by {@code @} and the
     * topic, and a copy to another topic is no duplicate.
     */
    static final String MESSAGE_ID = "Nats-Msg-Id";

    /**
     * The order of the headers, where it is not that of their names: for each header the place of
     * its name among all names in order, as clients hand over headers without an order.
     */
    static final String ORDER = WireHeaders.PREFIX + "order";

    private static final byte[] VERSION = "NATS/1.0\r\n".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[192];
    private int length;

    private NatsHeaders() {
        put(VERSION);
    }

    /**
     * The headers of a message that is stored.
     *
     * @param now the time of sending
     * @param replyTo what stands as its reply-to; null for none
     */
    static NatsHeaders stored(Message message, Instant now, @Nullable String replyTo) {
        var headers = new NatsHeaders();
        message.id().ifPresent(id -> headers.line(MESSAGE_ID, id, message.topic()));
        headers.fields(message, now, replyTo);
        return headers;
    }

    /** The headers of a message that is only passed on; null for one that needs none. */
    static @Nullable NatsHeaders passed(Message message, Instant now) {
        if (WireHeaders.tellsTime(message, now.toEpochMilli())
                || message.id().isPresent()
                || message.key().isPresent()
                || message.correlationId().isPresent()
                || !message.headers().isEmpty()) {
            var headers = new NatsHeaders();
            if (message.id().isPresent()) {
                headers.line(WireHeaders.ID, message.id().get());
            }
            headers.fields(message, now, null);
            return headers;
        }
        return null;
    }

    private void fields(Message message, Instant now, @Nullable String replyTo) {
        if (WireHeaders.tellsTime(message, now.toEpochMilli())) {
            plainLine(WireHeaders.TIME, Long.toString(message.timestamp().toEpochMilli()));
        }
        if (message.key().isPresent()) {
            line(WireHeaders.KEY, message.key().get());
        }
        if (replyTo != null) {
            line(WireHeaders.REPLY_TO, replyTo);
        }
        if (message.correlationId().isPresent()) {
            line(WireHeaders.CORRELATION_ID, message.correlationId().get());
        }
        if (!message.headers().isEmpty()) {
            all(message.headers().entries());
        }
        put('\r');
        put('\n');
    }

    private void all(List<Header> entries) {
        List<String> names = entries.stream().map(entry -> NatsText.name(entry.name())).toList();
        String order = names.size() < 2 ? "" : order(names);
        if (!order.isEmpty()) {
            line(ORDER, order);
        }
        for (int at = 0; at < names.size(); at++) {
            put(names.get(at));
            put(':');
            value(entries.get(at).value());
        }
    }

    private static String order(List<String> names) {
        var sorted = List.copyOf(new TreeSet<>(names));
        var order = new StringBuilder();
        boolean inOrder = true;
        int before = 0;
        for (String name : names) {
            int place = sorted.indexOf(name);
            inOrder &= place >= before;
            before = place;
            order.append(order.isEmpty() ? "" : ",").append(place);
        }
        return inOrder ? "" : order.toString();
    }

    private void line(String name, String text) {
        plainLine(
                name,
                NatsText.isPlain(text)
                        ? text
                        : NatsText.encode(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void plainLine(String name, String text) {
        put(name);
        put(':');
        put(text);
        put('\r');
        put('\n');
    }

    private void line(String name, String id, String topic) {
        if (!NatsText.isPlain(id) || !NatsText.isPlain(topic)) {
            line(name, id + "@" + topic);
            return;
        }
        put(name);
        put(':');
        put(id);
        put('@');
        put(topic);
        put('\r');
        put('\n');
    }

    private void value(byte[] value) {
        if (NatsText.isPlain(value)) {
            put(value);
        } else {
            put(NatsText.encode(value));
        }
        put('\r');
        put('\n');
    }

    private void put(char c) {
        room(1);
        bytes[length++] = (byte) c;
    }

    @SuppressWarnings("deprecation") // exact for ASCII, which this is, and the fastest there is
    private void put(String ascii) {
        int size = ascii.length();
        room(size);
        ascii.getBytes(0, size, bytes, length);
        length += size;
    }

    private void put(byte[] some) {
        room(some.length);
        System.arraycopy(some, 0, bytes, length, some.length);
        length += some.length;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public boolean isReadOnly() {
        return true;
    }

    @Override
    public int serializedLength() {
        return length;
    }

    @Override
    public byte[] getSerialized() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public int serializeToArray(int destPosition, byte[] dest) {
        System.arraycopy(bytes, 0, dest, destPosition, length);
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NatsHeaders headers
                && Arrays.equals(getSerialized(), headers.getSerialized());
    }

    @Override
    public int hashCode() {
        return Objects.hash(length);
    }
}
