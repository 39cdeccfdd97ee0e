// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.ClosedException;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.PublishResult;
import dev.lapwing.PublishResult.Refused;
import dev.lapwing.PublishResult.Stored;
import dev.lapwing.PublishResult.Unknown;
import dev.lapwing.PublishUnknownException;
import dev.lapwing.gateway.Gateway;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes many events at once: {@code POST /batch}, a JSON object a line. Each is stored or not by
 * itself; the answer has a line for each, in the same order.
 */
final class BatchEndpoint implements Endpoint {

    static final int MAX_BODY_BYTES = 4 << 20;

    private static final System.Logger LOG = System.getLogger("dev.lapwing.http");

    private final Gateway gateway;
    private final int maxPayloadBytes;

    BatchEndpoint(Gateway gateway, int maxPayloadBytes) {
        this.gateway = gateway;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    @Override
    public String methods() {
        return "POST, OPTIONS";
    }

    @Override
    public long maxBodyBytes(Request request) {
        return MAX_BODY_BYTES;
    }

    @Override
    public void answer(Exchange exchange, Request request, byte[] body) {
        List<BatchLine> lines = BatchLine.readAll(body);
        var results = new ArrayList<CompletableFuture<PublishResult>>(lines.size());
        for (BatchLine line : lines) {
            results.add(publish(line));
        }
        CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenRun(() -> answer(exchange, results));
    }

    private CompletableFuture<PublishResult> publish(BatchLine line) {
        try {
            Message message = line.message();
            ProduceEndpoint.checkTopic(message.topic());
            ProduceEndpoint.checkSize(message.payload(), maxPayloadBytes);
            return gateway.publish(message).handle(BatchEndpoint::result);
        } catch (RuntimeException e) {
            return CompletableFuture.completedFuture(result(null, e));
        }
    }

    private static PublishResult result(@Nullable Stored stored, @Nullable Throwable failure) {
        if (stored != null) {
            return stored;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return switch (cause) {
            case Refusal e -> new Refused(e.problem().detail(), false);
            case PublishRefusedException e -> new Refused(e.getMessage(), e.isRetriable());
            case PublishUnknownException e -> new Unknown(e.getMessage());
            case ClosedException e -> new Refused(e.getMessage(), true);
            case LapwingException e -> new Refused(e.getMessage(), false);
            case null, default -> {
                LOG.log(System.Logger.Level.ERROR, "A publish failed unexpectedly", cause);
                yield new Unknown("the server has a fault; its log tells what happened");
            }
        };
    }

    private static void answer(Exchange exchange, List<CompletableFuture<PublishResult>> results) {
        var body = new ByteArrayOutputStream(64 * results.size());
        for (CompletableFuture<PublishResult> result : results) {
            try (JsonGenerator json = Json.generator(body)) {
                write(json, result.join());
            }
            body.write('\n');
        }
        var answer = new Answer(200, "application/x-ndjson", body.toByteArray(), List.of());
        exchange.connection()
                .worker()
                .execute(() -> {
                    exchange.answer(answer);
                    exchange.connection().flush();
                });
    }

    private static void write(JsonGenerator json, PublishResult result) {
        json.writeStartObject();
        switch (result) {
            case Stored stored -> {
                json.writeStringProperty("id", stored.id());
                stored.position()
                        .ifPresent(place -> json.writeStringProperty("position", place.token()));
                if (stored.duplicate()) {
                    json.writeBooleanProperty("duplicate", true);
                }
            }
            case Refused refused -> {
                json.writeStringProperty("refused", refused.reason());
                json.writeBooleanProperty("retriable", refused.retriable());
            }
            case Unknown unknown -> json.writeStringProperty("unknown", unknown.reason());
        }
        json.writeEndObject();
    }
}
