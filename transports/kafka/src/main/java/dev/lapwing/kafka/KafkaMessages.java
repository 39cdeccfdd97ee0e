// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.spi.WireHeaders;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Messages as Kafka's records, and back. Key, headers, payload and time have their native places;
 * an id that was given, the reply topic and the correlation id are headers named as in {@link
 * WireHeaders}.
 */
final class KafkaMessages {

    private static final byte[] EMPTY = {};
    private static final Set<String> OURS =
            Set.of(WireHeaders.ID, WireHeaders.REPLY_TO, WireHeaders.CORRELATION_ID);

    private KafkaMessages() {}

    /**
     * The record of a message.
     *
     * @param partition where it goes; null lets its key decide
     */
    static ProducerRecord<byte[], byte[]> toRecord(
            Message message, String kafkaTopic, @Nullable Integer partition) {
        byte[] key = message.key().map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
        byte[] value = message.isTombstone() ? null : message.payload();
        long millis = message.timestamp().toEpochMilli();
        return new ProducerRecord<>(
                kafkaTopic, partition, millis < 0 ? null : millis, key, value, headers(message));
    }

    /** The id of a message that was given none: the place where it stands. */
    static String placeId(String kafkaTopic, int partition, long offset) {
        return KafkaNames.brief(kafkaTopic) + "/" + partition + ":" + offset;
    }

    private static List<Header> headers(Message message) {
        var headers = new ArrayList<Header>(message.headers().size() + 1);
        for (Headers.Header header : message.headers()) {
            headers.add(new RecordHeader(header.name(), header.value()));
        }
        message.id().ifPresent(id -> headers.add(text(WireHeaders.ID, id)));
        message.replyTo().ifPresent(to -> headers.add(text(WireHeaders.REPLY_TO, to)));
        message.correlationId().ifPresent(id -> headers.add(text(WireHeaders.CORRELATION_ID, id)));
        return headers;
    }

    private static Header text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** The message of a record; decodes when it is asked. */
    static Message toMessage(String topic, ConsumerRecord<byte[], byte[]> source) {
        return new KafkaMessage(topic, source);
    }

    /** A record as a message. */
    private record KafkaMessage(String topic, ConsumerRecord<byte[], byte[]> source)
            implements Message {

        @Override
        public Optional<String> id() {
            return first(WireHeaders.ID)
                    .or(() ->
                            Optional.of(
                                    placeId(source.topic(), source.partition(), source.offset())));
        }

        @Override
        public Optional<String> key() {
            return Optional.ofNullable(source.key()).map(KafkaMessages::keyText);
        }

        @Override
        public Headers headers() {
            Iterator<Header> there = source.headers().iterator();
            if (!there.hasNext()) {
                return Headers.none();
            }
            var entries = new ArrayList<Headers.Header>();
            while (there.hasNext()) {
                Header header = there.next();
                if (!OURS.contains(header.key())) {
                    byte[] value = header.value();
                    entries.add(new Headers.Header(header.key(), value == null ? EMPTY : value));
                }
            }
            return Headers.of(entries);
        }

        @Override
        public byte[] payload() {
            byte[] value = source.value();
            return value == null ? EMPTY : value;
        }

        @Override
        public boolean isTombstone() {
            return source.value() == null;
        }

        @Override
        public Instant timestamp() {
            return Instant.ofEpochMilli(Math.max(0, source.timestamp()));
        }

        @Override
        public Optional<String> replyTo() {
            return first(WireHeaders.REPLY_TO);
        }

        @Override
        public Optional<String> correlationId() {
            return first(WireHeaders.CORRELATION_ID);
        }

        private Optional<String> first(String name) {
            Header header = source.headers().lastHeader(name);
            return header == null || header.value() == null || header.value().length == 0
                    ? Optional.empty()
                    : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "Message[topic=%s, %d:%d, %d bytes]"
                    .formatted(topic, source.partition(), source.offset(), payload().length);
        }
    }

    /** A key as text; bytes that are not UTF-8 are written in hexadecimal behind 0x. */
    private static String keyText(byte[] key) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException e) {
            return "0x" + HexFormat.of().formatHex(key);
        }
    }
}
