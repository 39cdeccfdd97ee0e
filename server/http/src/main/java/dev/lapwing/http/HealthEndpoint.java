// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.ConnectionState.Closed;
import dev.lapwing.ConnectionState.Connected;
import dev.lapwing.ConnectionState.Connecting;
import dev.lapwing.ConnectionState.Reconnecting;
import dev.lapwing.gateway.Gateway;

import java.io.ByteArrayOutputStream;
import java.util.function.BooleanSupplier;

/** Tells whether the server can serve: {@code GET /health}. */
final class HealthEndpoint implements Endpoint {
    private final Gateway gateway;
    private final BooleanSupplier draining;

    HealthEndpoint(Gateway gateway, BooleanSupplier draining) {
        this.gateway = gateway;
        this.draining = draining;
    }

    @Override
    public String methods() {
        return "GET, HEAD, OPTIONS";
    }

    @Override
    public void answer(Exchange exchange, Request request, byte[] body) {
        if (draining.getAsBoolean()) {
            exchange.answer(health(503, "draining", "the server is stopping"));
            return;
        }
        exchange.answer(
                switch (gateway.state()) {
                    case Connected() -> health(200, "up", "");
                    case Connecting() -> health(503, "down", "the first connection is being made");
                    case Reconnecting r -> health(503, "down", r.reason());
                    case Closed(String reason) -> health(503, "down", reason);
                });
    }

    private static Answer health(int status, String state, String reason) {
        var body = new ByteArrayOutputStream(64);
        try (var json = Json.generator(body)) {
            json.writeStartObject();
            json.writeStringProperty("status", state);
            if (!reason.isEmpty()) {
                json.writeStringProperty("reason", reason);
            }
            json.writeEndObject();
        }
        return Answer.json(status, body.toByteArray());
    }
}
