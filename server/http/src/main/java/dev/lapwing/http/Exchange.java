// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.PublishResult.Stored;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;

/**
 * One request on a connection, until its answer is written. Confined to the event loop but for
 * {@link #complete}.
 */
final class Exchange {
    private final HttpConnection connection;
    private final @Nullable Request request;
    private final List<String> corsLines;

    private boolean dropped;
    private boolean keepAlive;
    private boolean awaitsContinue;
    private @Nullable ByteBuf answer;
    private @Nullable Stored stored;
    private @Nullable Throwable error;
    private String topic = "";

    /** The next one on its way back to the event loop; owned by {@link Completions}. */
    @Nullable Exchange nextCompleted;

    /** An exchange whose request may be too broken to be known. */
    Exchange(HttpConnection connection, @Nullable Request request, List<String> corsLines) {
        this.connection = connection;
        this.request = request;
        this.corsLines = corsLines;
        this.keepAlive = request != null && request.keepAlive();
    }

    HttpConnection connection() {
        return connection;
    }

    /** Has the connection closed behind this answer. */
    void closeAfter() {
        keepAlive = false;
    }

    boolean keepsAlive() {
        return keepAlive;
    }

    /** Whether the client waits to be told to send the body. */
    boolean awaitsContinue() {
        return awaitsContinue;
    }

    void setAwaitsContinue(boolean awaits) {
        awaitsContinue = awaits;
    }

    /** Answers; on the event loop. The first answer counts, if the client is still there. */
    void answer(Answer given) {
        if (answer == null && !dropped) {
            boolean old = request != null && request.old();
            boolean head = request != null && request.method().equals("HEAD");
            keepAlive &= !connection.isDraining();
            answer = connection.encoder().encode(given, keepAlive, old, head, corsLines);
            connection.answered();
        }
    }

    /** Whether there is an answer to write. */
    boolean isAnswered() {
        return answer != null;
    }

    /** The answer in bytes; the caller owns it. */
    @Nullable ByteBuf takeAnswer() {
        return answer;
    }

    /** Tells from any thread how the publishing ended; it is answered on the event loop. */
    void complete(String topicName, @Nullable Stored result, @Nullable Throwable failure) {
        topic = topicName;
        stored = result;
        error =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        connection.worker().completions().add(this);
    }

    /** Answers with what {@link #complete} was told; on the event loop. */
    HttpConnection answerWithOutcome() {
        answer(
                stored != null
                        ? Receipt.of(stored, topic).answer()
                        : Failures.problem(Objects.requireNonNull(error)).answer());
        return connection;
    }

    /** Nobody will read the answer: gives back what was not written. */
    void drop() {
        dropped = true;
        if (answer != null) {
            answer.release();
        }
    }
}
