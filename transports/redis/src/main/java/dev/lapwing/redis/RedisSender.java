// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Message;
import dev.lapwing.spi.ReservedNames;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import java.util.ArrayList;
import java.util.List;

/** Adds messages to streams, many in flight at once. Takes no lock. */
final class RedisSender implements Sender {
    /** How long a topic of replies outlives its last reply, should nobody delete it. */
    private static final int REPLIES_LIVE_SECONDS = 3_600;

    private final RedisLink link;
    private final RedisNames names;
    private final RedisMessages messages;
    private final long longestValue;

    RedisSender(RedisLink link, RedisNames names, RedisMessages messages) {
        this.link = link;
        this.names = names;
        this.messages = messages;
        longestValue = link.facts().longestValue();
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        var calls = new ArrayList<RedisCall<?>>(batch.size());
        for (SendRequest request : batch) {
            Message message = request.message();
            if (message.payload().length > longestValue) {
                request.complete(RedisErrors.tooLong(message, longestValue));
                continue;
            }
            calls.add(publish(request, message));
            if (message.topic().startsWith(ReservedNames.REPLIES)) {
                calls.add(expiry(message.topic()));
            }
        }
        if (!calls.isEmpty()) {
            link.commands().send(calls);
        }
    }

    private RedisPublish publish(SendRequest request, Message message) {
        CommandArgs<byte[], byte[]> args = RedisWire.args();
        byte[] key = names.key(message.topic());
        if (link.settings().dedupes() && message.id().isPresent()) {
            args.add(RedisScripts.PUBLISH_ONCE)
                    .add(2)
                    .addKey(key)
                    .addKey(names.seen(message.topic(), message.id().get()))
                    .add(link.settings().dedupeWindow().toMillis());
            messages.write(message, args);
            return new RedisPublish(request, CommandType.EVAL, args);
        }
        messages.write(message, args.addKey(key));
        return new RedisPublish(request, CommandType.XADD, args);
    }

    private RedisCall<?> expiry(String topic) {
        return new RedisQuestion<>(
                link.settings(),
                "The life of topic '" + topic + "'",
                CommandType.EXPIRE,
                new IntegerOutput<>(ByteArrayCodec.INSTANCE),
                RedisWire.args().addKey(names.key(topic)).add(REPLIES_LIVE_SECONDS));
    }
}
