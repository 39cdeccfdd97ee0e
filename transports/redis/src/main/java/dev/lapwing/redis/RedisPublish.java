// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One message on its way into a stream; the reply is the id of its entry. */
final class RedisPublish extends RedisCall<byte[]> {
    private final SendRequest request;

    RedisPublish(SendRequest request, ProtocolKeyword type, CommandArgs<byte[], byte[]> args) {
        super(type, new ByteArrayOutput<>(ByteArrayCodec.INSTANCE), args);
        this.request = request;
    }

    @Override
    void replied(byte[] reply) {
        request.complete(new Entered(request.message(), reply));
    }

    @Override
    void failed(String error) {
        request.complete(RedisErrors.refused(request.message().topic(), error));
    }

    @Override
    void broken(boolean written, String why) {
        request.complete(RedisErrors.unsent(written, why));
    }

    /** A message that is in its stream. */
    private static final class Entered implements PublishResult.Stored {
        private final Message message;

        /** The id of its entry, in ASCII; of one that was there before, behind an equals sign. */
        private final byte[] entry;

        Entered(Message message, byte[] entry) {
            this.message = message;
            this.entry = entry;
        }

        @Override
        public String id() {
            return message.id().orElseGet(this::entryId);
        }

        @Override
        public Optional<Position> position() {
            return Optional.of(new Position(entryId()));
        }

        @Override
        public boolean duplicate() {
            return entry[0] == RedisScripts.DUPLICATE;
        }

        private String entryId() {
            int from = duplicate() ? 1 : 0;
            return new String(entry, from, entry.length - from, StandardCharsets.US_ASCII);
        }
    }
}
