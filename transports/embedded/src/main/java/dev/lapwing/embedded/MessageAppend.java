// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import dev.lapwing.PublishResult;
import dev.lapwing.log.Append;
import dev.lapwing.log.LogFailure;
import dev.lapwing.log.LogStream;
import dev.lapwing.spi.SendRequest;

import org.jspecify.annotations.Nullable;

/** A published message on its way into the log, the one who waits for it, and its claimed id. */
abstract sealed class MessageAppend extends Append permits PublishAppend, DelayedAppend {
    private final SendRequest request;
    private final DedupeWindow ids;
    private final DedupeWindow.@Nullable Entry claim;

    /**
     * A message for a stream.
     *
     * @param claim the claim on its id, if that is to be deduplicated
     */
    MessageAppend(
            LogStream stream,
            SendRequest request,
            DedupeWindow ids,
            DedupeWindow.@Nullable Entry claim) {
        super(stream);
        this.request = request;
        this.ids = ids;
        this.claim = claim;
    }

    /** Ends it with the message durable; the position is for duplicates of its id. */
    final void end(PublishResult.Stored result, long position) {
        // The id's window has begun when the publisher hears of it.
        if (claim != null) {
            ids.stored(claim, position);
        }
        request.complete(result);
    }

    /** Ends it without a message, or without anybody knowing. */
    final void end(PublishResult result) {
        request.complete(result);
        if (claim != null) {
            ids.failed(claim, result);
        }
    }

    /** How many bytes the record takes. */
    abstract int size();

    @Override
    protected final int encodedSize() {
        return size();
    }

    @Override
    protected final void failed(LogFailure failure) {
        end(Refusals.of(failure));
    }
}
