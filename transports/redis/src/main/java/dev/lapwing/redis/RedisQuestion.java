// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.ProtocolKeyword;

import java.util.concurrent.CompletableFuture;

/** A command whose reply somebody waits for. */
final class RedisQuestion<T> extends RedisCall<T> {
    private final RedisSettings settings;
    private final String what;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    /**
     * A question.
     *
     * @param what what is asked for, in words for the error: "The group 'g'"
     */
    RedisQuestion(
            RedisSettings settings,
            String what,
            ProtocolKeyword type,
            CommandOutput<byte[], byte[], T> output,
            CommandArgs<byte[], byte[]> args) {
        super(type, output, args);
        this.settings = settings;
        this.what = what;
    }

    /** Fails with an {@link ErrorReply}, or a ConnectionFailedException where the link broke. */
    CompletableFuture<T> answer() {
        return answer;
    }

    @Override
    void replied(T reply) {
        answer.complete(reply);
    }

    @Override
    void failed(String error) {
        answer.completeExceptionally(new ErrorReply(RedisErrors.of(settings, what, error), error));
    }

    @Override
    void broken(boolean written, String why) {
        answer.completeExceptionally(RedisErrors.broken(settings, why));
    }

    /** What the server replied when it would not. */
    static final class ErrorReply extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient dev.lapwing.LapwingException error;
        private final String reply;

        private ErrorReply(dev.lapwing.LapwingException error, String reply) {
            super(error.getMessage(), error, false, false);
            this.error = error;
            this.reply = reply;
        }

        /** As users see it. */
        dev.lapwing.LapwingException error() {
            return error;
        }

        /** As the server wrote it. */
        String reply() {
            return reply;
        }
    }
}
