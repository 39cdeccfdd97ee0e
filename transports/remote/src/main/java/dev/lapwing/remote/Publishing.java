// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import dev.lapwing.Message;
import dev.lapwing.Position;
import dev.lapwing.PublishResult;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

import java.net.http.HttpResponse;
import java.util.ArrayList;
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

    /** Publishes messages in order. The future never fails; it has a result for each message. */
    CompletableFuture<List<PublishResult>> publish(List<Message> messages) {
        var results = new ArrayList<PublishResult>(messages.size());
        CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
        for (Message message : messages) {
            last = last.thenCompose(done -> publish(message).thenAccept(results::add));
        }
        return last.thenApply(done -> results);
    }

    private CompletableFuture<PublishResult> publish(Message message) {
        return server.post(ProducePath.of(message), "application/octet-stream", message.payload())
                .handle((response, failure) -> failure == null ? result(response) : lost(failure));
    }

    private static PublishResult result(HttpResponse<String> response) {
        if (response.statusCode() / 100 != 2) {
            return Problem.of(response).result();
        }
        try (JsonParser parser = Json.parser(response.body())) {
            return stored(parser);
        } catch (JacksonException e) {
            return new PublishResult.Unknown("the server's answer cannot be read: " + e);
        }
    }

    private static PublishResult stored(JsonParser parser) {
        var id = new String[] {""};
        var position = new ArrayList<Position>(1);
        var duplicate = new boolean[1];
        Json.object(
                parser,
                (name, value) -> {
                    switch (name) {
                        case "id" -> id[0] = value.getString();
                        case "position" ->
                                Json.text(value).map(Position::new).ifPresent(position::add);
                        case "duplicate" -> duplicate[0] = value.getBooleanValue();
                        default -> {
                            // A field of a newer server.
                        }
                    }
                });
        return new PublishResult.Stored(id[0], position.stream().findFirst(), duplicate[0]);
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
