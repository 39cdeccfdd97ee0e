// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportMode;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import java.util.List;
import java.util.Set;

/** Connects to RabbitMQ: {@code amqp://user:password@host:5672/vhost}, or {@code amqps} for TLS. */
public final class RabbitProvider implements TransportProvider {
    static final String NAME = "rabbitmq";

    /** For the service loader. */
    public RabbitProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<String> schemes() {
        return Set.of("amqp", "amqps");
    }

    @Override
    public List<TransportOption> options() {
        return RabbitOptions.ALL;
    }

    @Override
    public List<TransportMode> modes() {
        return List.of(
                mode("rabbitmq", "amqp://localhost"),
                mode("rabbitmq, managed", "amqp://localhost?management=http://localhost:15672"),
                mode("rabbitmq, quorum queues", "amqp://localhost?queue-type=quorum"));
    }

    private static TransportMode mode(String name, String uri) {
        return new TransportMode(
                name, uri, RabbitCapabilities.of(RabbitSettings.of(TransportUri.parse(uri))));
    }

    @Override
    public Transport connect(TransportUri uri, TransportContext context) {
        RabbitSettings settings = RabbitSettings.of(uri);
        return new RabbitTransport(RabbitLinks.acquire(uri, settings, context.clock()), context);
    }
}
