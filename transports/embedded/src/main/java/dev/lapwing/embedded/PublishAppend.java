// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.spi.SendRequest;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/** A message on its way into its topic. */
final class PublishAppend extends MessageAppend {
    private final Topic topic;
    private final MessageCodec.Prepared message;
    private final @Nullable String id;

    PublishAppend(
            Topic topic,
            SendRequest request,
            MessageCodec.Prepared message,
            @Nullable String id,
            DedupeWindow ids,
            DedupeWindow.@Nullable Entry claim) {
        super(topic.stream(), request, ids, claim);
        this.topic = topic;
        this.message = message;
        this.id = id;
    }

    @Override
    int size() {
        return message.size();
    }

    @Override
    protected void encodeTo(ByteBuffer target) {
        message.writeTo(target);
    }

    @Override
    protected void stored(long position) {
        end(new StoredAt(topic, position, id), position);
    }
}
