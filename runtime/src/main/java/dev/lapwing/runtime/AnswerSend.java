// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import java.util.concurrent.CompletableFuture;

/** A reply on its way over the broker's own way of replies. */
record AnswerSend(Message message, CompletableFuture<PublishResult> end) implements SendRequest {

    @Override
    public void complete(PublishResult result) {
        end.complete(result);
    }
}
