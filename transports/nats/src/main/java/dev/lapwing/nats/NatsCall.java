// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.LapwingException;

import io.nats.client.Message;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

    /**
     * Waits for the answer: twice as long as it may take, as the link gives it up before.
     *
     * @param who is asked, for people
     * @throws LapwingException if none came
     */
    void await(Duration patience, String who) {
        try {
            var unused = answer.get(patience.toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new LapwingException("%s did not answer within %s".formatted(who, patience), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted while %s was asked".formatted(who), e);
        }
    }
}
