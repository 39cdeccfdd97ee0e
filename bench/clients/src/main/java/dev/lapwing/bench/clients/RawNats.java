// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import io.nats.client.Connection;
import io.nats.client.ConsumeOptions;
import io.nats.client.ConsumerContext;
import io.nats.client.JetStream;
import io.nats.client.JetStreamManagement;
import io.nats.client.MessageConsumer;
import io.nats.client.NUID;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PublishOptions;
import io.nats.client.StreamContext;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * jnats over JetStream: asynchronous publishes with message ids, which make them safe to repeat,
 * and a durable pull consumer whose messages are acknowledged one by one without waiting. The
 * stream is the one that Lapwing has created.
 */
final class RawNats implements RawClient {
    private final Connection connection;
    private final JetStream jetStream;
    private final JetStreamManagement management;

    RawNats(String uri) throws Exception {
        connection = Nats.connect(Options.builder().server(uri).build());
        jetStream = connection.jetStream();
        management = connection.jetStreamManagement();
    }

    @Override
    public Outlet publisher(String topic, Window window) {
        String source = NUID.nextGlobal();
        var count = new AtomicLong();
        return new Outlet() {
            @Override
            public void publish(byte[] payload) {
                jetStream
                        .publishAsync(topic, payload, named(source + count.getAndIncrement()))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                Load.fail(failure);
                            }
                            window.leave(1);
                        });
            }

            @Override
            public void close() {}
        };
    }

    private static PublishOptions named(String id) {
        return PublishOptions.builder().messageId(id).build();
    }

    @Override
    public AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler)
            throws Exception {
        StreamContext stream = connection.getStreamContext(stream(topic));
        ConsumerContext consumer =
                stream.createOrUpdateConsumer(
                        ConsumerConfiguration.builder()
                                .durable(durable(group))
                                .filterSubject(topic)
                                .deliverPolicy(DeliverPolicy.All)
                                .ackPolicy(AckPolicy.Explicit)
                                .maxAckPending(prefetch)
                                .build());
        MessageConsumer consuming =
                consumer.consume(
                        ConsumeOptions.builder().batchSize(prefetch).build(),
                        message -> {
                            handler.handle(message.getData());
                            message.ack();
                        });
        return () -> {
            consuming.stop();
            connection.flush(Duration.ofSeconds(10));
            consuming.close();
        };
    }

    private static String durable(String group) {
        return "raw-" + group;
    }

    private String stream(String topic) throws Exception {
        return management.getStreamNames(topic).getFirst();
    }

    @Override
    public void purge(String topic) throws Exception {
        management.purgeStream(stream(topic));
    }

    @Override
    public void remove(String topic) throws Exception {
        management.deleteStream(stream(topic));
    }

    @Override
    public long unsettled(String topic, String group) throws Exception {
        String stream = stream(topic);
        long unsettled = Long.MAX_VALUE;
        for (ConsumerInfo consumer : management.getConsumers(stream)) {
            if (consumer.getName().contains(group)) {
                unsettled =
                        Math.min(unsettled, consumer.getNumAckPending() + consumer.getNumPending());
            }
        }
        return unsettled;
    }

    @Override
    public void close() throws InterruptedException {
        connection.close();
    }
}
