// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.spi.SendRequest;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A send, and how often it was answered. */
final class Sent implements SendRequest {

    private final Message message;
    private final Duration patience;
    private final CompletableFuture<PublishResult> result = new CompletableFuture<>();
    private final AtomicInteger answers = new AtomicInteger();

    Sent(Message message, Duration patience) {
        this.message = message;
        this.patience = patience;
    }

    @Override
    public Message message() {
        return message;
    }

    @Override
    public void complete(PublishResult outcome) {
        answers.incrementAndGet();
        result.complete(outcome);
    }

    PublishResult result() {
        return SpiLink.get(result, patience);
    }

    int answers() {
        return answers.get();
    }
}
