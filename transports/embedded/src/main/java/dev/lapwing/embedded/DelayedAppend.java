// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.PublishResult;
import dev.lapwing.log.LogStream;
import dev.lapwing.spi.SendRequest;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.Optional;

/** A delayed message on its way into the stream where it waits. */
final class DelayedAppend extends MessageAppend {
    private final DelayedCodec.Delayed message;
    private final String id;

    DelayedAppend(
            LogStream stream,
            SendRequest request,
            DelayedCodec.Delayed message,
            String id,
            DedupeWindow ids,
            DedupeWindow.@Nullable Entry claim) {
        super(stream, request, ids, claim);
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
        end(PublishResult.stored(id, Optional.empty(), false), DedupeWindow.DELAYED);
    }
}
