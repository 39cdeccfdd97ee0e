// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;
import dev.lapwing.spi.Sender;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Publishes to channels, many in flight at once. Takes no lock. */
final class RedisChannelSender implements Sender {
    private final RedisLink link;
    private final RedisNames names;
    private final long longestValue;

    RedisChannelSender(RedisLink link, RedisNames names) {
        this.link = link;
        this.names = names;
        longestValue = link.facts().longestValue();
    }

    @Override
    public void send(List<? extends SendRequest> batch) {
        var calls = new ArrayList<RedisCall<?>>(batch.size());
        for (SendRequest request : batch) {
            Message message = request.message();
            if (message.payload().length > longestValue) {
                request.complete(RedisErrors.tooLong(message, longestValue));
            } else {
                calls.add(
                        new Publish(
                                request,
                                RedisWire.args()
                                        .addKey(names.key(message.topic()))
                                        .add(message.payload())));
            }
        }
        if (!calls.isEmpty()) {
            link.commands().send(calls);
        }
    }

    /** One message on its way to those who listen; the reply tells how many they are. */
    private static final class Publish extends RedisCall<Long> {
        private final SendRequest request;

        Publish(SendRequest request, CommandArgs<byte[], byte[]> args) {
            super(CommandType.PUBLISH, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args);
            this.request = request;
        }

        @Override
        void replied(Long listeners) {
            request.complete(
                    PublishResult.stored(
                            request.message().id().orElse(""), Optional.empty(), false));
        }

        @Override
        void failed(String error) {
            request.complete(RedisErrors.refused(request.message().topic(), error));
        }

        @Override
        void broken(boolean written, String why) {
            request.complete(RedisErrors.unsent(written, why));
        }
    }
}
