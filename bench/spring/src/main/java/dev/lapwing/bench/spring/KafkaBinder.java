// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.spring;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

import java.net.URI;

/**
 * An idempotent producer with acks=all that does not wait; its results come to a channel. Batching
 * is what Lapwing sets.
 */
final class KafkaBinder implements Binder {
    private static final String RESULTS = "results";

    @Override
    public String[] properties(String uri, String topic) {
        String producer = "spring.cloud.stream.kafka.bindings.out.producer.";
        return new String[] {
            "spring.cloud.stream.default-binder=kafka",
            "spring.cloud.stream.kafka.binder.brokers=" + URI.create(uri).getAuthority(),
            "spring.cloud.stream.kafka.binder.auto-create-topics=false",
            "spring.cloud.stream.bindings.out.destination=" + topic,
            producer + "configuration.acks=all",
            producer + "configuration.enable.idempotence=true",
            producer + "configuration.linger.ms=1",
            producer + "configuration.batch.size=65536",
            producer + "configuration.buffer.memory=67108864",
            producer + "record-metadata-channel=" + RESULTS,
        };
    }

    @Override
    public void prepare(ConfigurableApplicationContext context, InFlight inFlight) {
        var results = new DirectChannel();
        results.subscribe(_ -> inFlight.leave());
        context.getBeanFactory().registerSingleton(RESULTS, results);
    }

    @Override
    public Message<byte[]> message(byte[] payload, InFlight inFlight) {
        return new GenericMessage<>(payload);
    }
}
