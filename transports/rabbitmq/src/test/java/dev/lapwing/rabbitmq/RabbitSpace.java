// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import dev.lapwing.tck.Space;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.RabbitServer;

import java.util.Optional;

/** A real server behind a link that can be cut; its restart is a kill -9. */
final class RabbitSpace implements Space {
    private final RabbitServer server;
    private final LinkProxy proxy;
    private final String options;

    /** A space whose connections have these further options, each with an ampersand before it. */
    RabbitSpace(RabbitServer server, String options) {
        this.server = server;
        this.proxy = server.proxy();
        this.options = options;
    }

    @Override
    public String uri() {
        return "%s?heartbeat=2s&management=%s%s"
                .formatted(proxy.uri(), server.managementUri(), options);
    }

    @Override
    public Optional<Runnable> restart() {
        return Optional.of(server::restart);
    }

    @Override
    public Optional<Outage> outage() {
        return Optional.of(between(proxy::cut, proxy::heal));
    }

    @Override
    public Optional<Outage> silence() {
        return Optional.of(between(proxy::freeze, proxy::thaw));
    }

    private static Outage between(Runnable begin, Runnable end) {
        return new Outage() {
            @Override
            public void begin() {
                begin.run();
            }

            @Override
            public void end() {
                end.run();
            }
        };
    }

    @Override
    public Optional<ForeignWriter> foreign() {
        return Optional.of(this::write);
    }

    private void write(String topic, byte[] payload) {
        var factory = new ConnectionFactory();
        try {
            factory.setUri(server.uri());
            try (Connection connection = factory.newConnection();
                    Channel channel = connection.createChannel()) {
                channel.confirmSelect();
                channel.basicPublish("amq.topic", topic, null, payload);
                channel.waitForConfirmsOrDie(20_000);
            }
        } catch (Exception e) {
            throw new AssertionError("a raw client failed", e);
        }
    }

    @Override
    public void close() {
        proxy.close();
    }
}
