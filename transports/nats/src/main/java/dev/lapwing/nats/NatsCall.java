// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

import io.nats.client.Message;

import java.util.concurrent.CompletableFuture;

/** Awaits the answer to a call as a value. */
final class NatsCall implements NatsAnswer {

    final CompletableFuture<Message> answer = new CompletableFuture<>();

    @Override
    public void answered(Message message) {
        answer.complete(message);
    }

    @Override
    public void unknown(String reason) {
        answer.completeExceptionally(new LapwingException(reason));
    }
}
