// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Headers;
import dev.lapwing.Message;
import dev.lapwing.spi.ReservedNames;
import dev.lapwing.spi.WireHeaders;

import io.lettuce.core.protocol.CommandArgs;

import java.nio.charset.StandardCharsets;
import java.time.Clock;

/**
 * How a message stands in an entry of a stream: first the payload in a field of its own, then the
 * metadata that Redis has no place for, then each header as a field. The time is the entry's id,
 * and is written only where a message is older than its entry.
 */
final class RedisMessages {
    private static final byte[] ID = RedisNames.bytes(WireHeaders.ID);
    private static final byte[] KEY = RedisNames.bytes(WireHeaders.KEY);
    private static final byte[] TIME = RedisNames.bytes(WireHeaders.TIME);
    private static final byte[] REPLY_TO = RedisNames.bytes(WireHeaders.REPLY_TO);
    private static final byte[] CORRELATION = RedisNames.bytes(WireHeaders.CORRELATION_ID);
    private static final byte[] MAXLEN = RedisNames.bytes("MAXLEN");
    private static final byte[] MINID = RedisNames.bytes("MINID");
    private static final byte[] ABOUT = RedisNames.bytes("~");
    private static final byte[] NEXT_ID = RedisNames.bytes("*");

    private final RedisSettings settings;
    private final Clock clock;
    private final byte[] payloadField;

    RedisMessages(RedisSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.payloadField = RedisNames.bytes(settings.payloadField());
    }

    byte[] payloadField() {
        return payloadField;
    }

    /** Adds all that follows the key in XADD. */
    void write(Message message, CommandArgs<byte[], byte[]> args) {
        writeTrimming(message.topic(), args);
        args.add(NEXT_ID).add(payloadField).add(message.payload());
        message.id().ifPresent(id -> write(args, ID, id));
        message.key().ifPresent(key -> write(args, KEY, key));
        message.replyTo().ifPresent(topic -> write(args, REPLY_TO, topic));
        message.correlationId().ifPresent(mark -> write(args, CORRELATION, mark));
        if (WireHeaders.tellsTime(message, clock.millis())) {
            write(args, TIME, Long.toString(message.timestamp().toEpochMilli()));
        }
        for (Headers.Header header : message.headers()) {
            args.add(RedisNames.bytes(header.name())).add(header.value());
        }
    }

    private void writeTrimming(String topic, CommandArgs<byte[], byte[]> args) {
        if (ReservedNames.isDeadLetters(topic)) {
            return;
        }
        if (settings.maxLength() > 0) {
            args.add(MAXLEN).add(ABOUT).add(settings.maxLength());
        } else if (settings.maxAge().isPositive()) {
            long oldest = Math.max(0, clock.millis() - settings.maxAge().toMillis());
            args.add(MINID).add(ABOUT).add(Long.toString(oldest));
        }
    }

    private static void write(CommandArgs<byte[], byte[]> args, byte[] name, String value) {
        args.add(name).add(value.getBytes(StandardCharsets.UTF_8));
    }
}
