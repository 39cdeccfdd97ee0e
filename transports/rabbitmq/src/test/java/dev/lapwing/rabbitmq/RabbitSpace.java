// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Channel;

import dev.lapwing.tck.Space;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.RabbitServer;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;

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
        return Optional.of(() -> {
            makeAnotherQuorumQueue();
            server.restart();
        });
    }

    /**
     * RabbitMQ 3.10 notes the name of a quorum queue on disk when the next one is made, or a second
     * later: killed before that, it loses the queue's messages and elects no leader for it, which
     * no client can help. So the queue that was made last is never one under test.
     */
    private void makeAnotherQuorumQueue() {
        plainly(channel ->
                channel.queueDeclare(
                        "last-" + UUID.randomUUID(),
                        true,
                        false,
                        false,
                        Map.of("x-queue-type", "quorum")));
    }

    @Override
    public Optional<Outage> outage() {
        return Optional.of(Outage.of(proxy::cut, proxy::heal));
    }

    @Override
    public Optional<Outage> silence() {
        return Optional.of(Outage.of(proxy::freeze, proxy::thaw));
    }

    @Override
    public Optional<ForeignWriter> foreign() {
        return Optional.of(this::write);
    }

    private void write(String topic, byte[] payload) {
        plainly(channel -> {
            channel.confirmSelect();
            channel.basicPublish("amq.topic", topic, null, payload);
            channel.waitForConfirmsOrDie(20_000);
        });
    }

    private interface Work {
        void on(Channel channel) throws Exception;
    }

    private void plainly(Work work) {
        try (RawRabbit raw = new RawRabbit(server)) {
            work.on(raw.channel());
        } catch (Exception e) {
            throw new AssertionError("a raw client failed", e);
        }
    }

    @Override
    public void close() {
        proxy.close();
    }
}
