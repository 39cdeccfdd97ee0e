// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Message;
import dev.lapwing.PublishResult;

import tools.jackson.core.JacksonException;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Publishes over HTTP and tells what became of each message: refused is only what the server said
 * it refused, or what was never sent.
 */
final class Publishing {

    private final ServerClient server;
    private final Consumer<String> unreachable;

    /**
     * A way to publish.
     *
     * @param unreachable told why, when the server could not be reached
     */
    Publishing(ServerClient server, Consumer<String> unreachable) {
        this.server = server;
        this.unreachable = unreachable;
    }

    /**
     * Publishes messages in order, in one request. The future never fails; it has a result for each
     * message.
     */
    CompletableFuture<List<PublishResult>> publish(List<Message> messages) {
        int count = messages.size();
        return request(messages)
                .handle((response, failure) ->
                        failure == null
                                ? results(response, count)
                                : Collections.nCopies(count, lost(failure)));
    }

    private CompletableFuture<HttpResponse<String>> request(List<Message> messages) {
        if (messages.size() > 1) {
            return server.post(BatchJson.PATH, BatchJson.TYPE, BatchJson.write(messages));
        }
        Message message = messages.getFirst();
        return server.post(ProducePath.of(message), "application/octet-stream", message.payload());
    }

    private static List<PublishResult> results(HttpResponse<String> response, int count) {
        if (response.statusCode() != 200) {
            return Collections.nCopies(count, Problem.of(response).result());
        }
        try {
            return BatchJson.read(response.body(), count);
        } catch (JacksonException e) {
            return Collections.nCopies(
                    count, new PublishResult.Unknown("the server's answer cannot be read: " + e));
        }
    }

    private PublishResult lost(Throwable failure) {
        String reason = ServerClient.reason(failure);
        if (ServerClient.neverSent(failure)) {
            unreachable.accept(reason);
            return new PublishResult.Refused(reason, true);
        }
        return new PublishResult.Unknown(reason);
    }
}
