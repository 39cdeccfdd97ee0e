// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.Headers;
import dev.lapwing.Headers.Header;
import dev.lapwing.Message;
import dev.lapwing.spi.WireHeaders;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A message as it came from NATS; its headers are read when they are asked for. */
final class NatsArrived implements Message {

    private final io.nats.client.Message message;
    private final Instant arrived;
    private final @Nullable String replyTo;

    /**
     * A message.
     *
     * @param arrived when it was stored or came, for one that does not say when it was published
     * @param replyTo where NATS itself says that a reply is awaited; null where a header says it
     */
    NatsArrived(io.nats.client.Message message, Instant arrived, @Nullable String replyTo) {
        this.message = message;
        this.arrived = arrived;
        this.replyTo = replyTo;
    }

    @Override
    public String topic() {
        return message.getSubject();
    }

    @Override
    public Optional<String> id() {
        Optional<String> own = field(WireHeaders.ID);
        return own.isPresent() ? own : field(NatsHeaders.MESSAGE_ID).map(this::withoutTopic);
    }

    private String withoutTopic(String id) {
        String end = "@" + topic();
        return id.endsWith(end) ? id.substring(0, id.length() - end.length()) : id;
    }

    @Override
    public Optional<String> key() {
        return field(WireHeaders.KEY);
    }

    @Override
    public byte[] payload() {
        return message.getData();
    }

    @Override
    public Instant timestamp() {
        try {
            return field(WireHeaders.TIME)
                    .map(text -> Instant.ofEpochMilli(Long.parseLong(text)))
                    .orElse(arrived);
        } catch (NumberFormatException foreign) {
            return arrived;
        }
    }

    @Override
    public Optional<String> replyTo() {
        Optional<String> told = field(WireHeaders.REPLY_TO);
        return told.isPresent() ? told : Optional.ofNullable(replyTo);
    }

    @Override
    public Optional<String> correlationId() {
        return field(WireHeaders.CORRELATION_ID);
    }

    private Optional<String> field(String name) {
        var all = message.getHeaders();
        String value = all == null ? null : all.getFirst(name);
        return Optional.ofNullable(value).map(NatsText::decodeText);
    }

    @Override
    public Headers headers() {
        var all = message.getHeaders();
        if (all == null) {
            return Headers.none();
        }
        var names = new TreeSet<String>();
        for (String name : all.keySet()) {
            if (!NatsText.isField(name)) {
                names.add(name);
            }
        }
        return names.isEmpty() ? Headers.none() : Headers.of(inOrder(all, List.copyOf(names)));
    }

    private static List<Header> inOrder(io.nats.client.impl.Headers all, List<String> names) {
        var entries = new ArrayList<Header>();
        var taken = new int[names.size()];
        for (int place : order(all.getFirst(NatsHeaders.ORDER), names.size())) {
            take(all, names.get(place), taken[place]++, entries);
        }
        for (int place = 0; place < taken.length; place++) {
            while (take(all, names.get(place), taken[place]++, entries)) {}
        }
        return entries;
    }

    private static boolean take(
            io.nats.client.impl.Headers all, String name, int at, List<Header> entries) {
        List<String> values = all.get(name);
        if (values == null || at >= values.size()) {
            return false;
        }
        entries.add(new Header(NatsText.decodeText(name), NatsText.decode(values.get(at))));
        return true;
    }

    /** The places that the order names; none where it is not there or makes no sense. */
    private static int[] order(@Nullable String order, int names) {
        var none = new int[0];
        if (order == null) {
            return none;
        }
        try {
            String[] texts = order.split(",");
            var places = new int[texts.length];
            for (int at = 0; at < texts.length; at++) {
                places[at] = Integer.parseInt(texts[at]);
                if (places[at] < 0 || places[at] >= names) {
                    return none;
                }
            }
            return places;
        } catch (NumberFormatException foreign) {
            return none;
        }
    }

    @Override
    public String toString() {
        return "Message[topic=%s, id=%s, %d bytes]".formatted(topic(), id(), payload().length);
    }
}
