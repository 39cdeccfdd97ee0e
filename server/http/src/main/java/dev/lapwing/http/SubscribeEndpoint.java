// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.StartAt;
import dev.lapwing.TopicPattern;

/** Opens subscriptions: {@code GET /subscribe/{topic or pattern}}, upgraded to a WebSocket. */
final class SubscribeEndpoint implements Endpoint {
    private final HttpServer server;

    SubscribeEndpoint(HttpServer server) {
        this.server = server;
    }

    @Override
    public String methods() {
        return "GET, OPTIONS";
    }

    @Override
    public void answer(Exchange exchange, Request request, byte[] body) {
        TopicPattern topics = TopicPattern.parse(request.pathBehind(Router.SUBSCRIBE));
        Format format = Format.parse(request.target().parameter("format"));
        StartAt start = start(request.target().parameter("from").orElse("now"));
        Handshake handshake = Handshake.of(request);
        if (exchange.connection().isDraining()) {
            throw new Refusal(Problem.unavailable("The server is stopping; connect again"));
        }
        if (!exchange.connection().isFirst(exchange)) {
            throw new Refusal(
                    Problem.badRequest(
                            "The upgrade follows requests that are not answered yet; wait for their"
                                    + " answers, or take a connection of its own"));
        }
        new Upgrade(server, exchange, handshake, topics, format, start).begin();
    }

    private static StartAt start(String text) {
        try {
            return StartAt.parse(text.replace(' ', '+'));
        } catch (IllegalArgumentException e) {
            throw new Refusal(
                    Problem.badRequest(
                            ("from is '%s': %s. It must be now, earliest, the position of the last"
                                            + " event that was seen, or a time such as"
                                            + " 2026-11-20T09:00:00Z")
                                    .formatted(Target.printable(text), e.getMessage())));
        }
    }
}
