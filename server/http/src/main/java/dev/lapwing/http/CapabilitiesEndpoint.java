// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.Capabilities;
import dev.lapwing.Capability;
import dev.lapwing.gateway.Gateway;

import java.io.ByteArrayOutputStream;

/** Tells programs what they can ask of this server: {@code GET /capabilities}. */
final class CapabilitiesEndpoint implements Endpoint {
    private final Gateway gateway;
    private final int maxPayloadBytes;

    CapabilitiesEndpoint(Gateway gateway, int maxPayloadBytes) {
        this.gateway = gateway;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    @Override
    public String methods() {
        return "GET, HEAD, OPTIONS";
    }

    @Override
    public void answer(Exchange exchange, Request request, byte[] body) {
        Capabilities capabilities = gateway.capabilities();
        var text = new ByteArrayOutputStream(512);
        try (var json = Json.generator(text)) {
            json.writeStartObject();
            json.writeStringProperty("server", "lapwing");
            json.writeStringProperty("engine", capabilities.transport());
            json.writeNumberProperty("max_payload_bytes", maxPayloadBytes);
            json.writeArrayPropertyStart("capabilities");
            for (Capability capability : Capability.values()) {
                if (capabilities.has(capability)) {
                    json.writeString(capability.name());
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        exchange.answer(Answer.json(200, text.toByteArray()));
    }
}
