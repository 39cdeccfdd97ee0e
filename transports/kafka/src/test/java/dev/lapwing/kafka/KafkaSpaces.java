// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.Lapwing;
import dev.lapwing.tck.Pace;
import dev.lapwing.tck.Space;
import dev.lapwing.tck.TransportUnderTest;
import dev.lapwing.testbed.KafkaServer;
import dev.lapwing.testbed.LinkProxy;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Spaces on one real server, reached through a proxy; a restart is a kill and a start. */
final class KafkaSpaces implements TransportUnderTest, AutoCloseable {

    private final KafkaServer server = KafkaServer.start();
    private final LinkProxy proxy = server.proxied();
    private final String options;

    KafkaSpaces(String options) {
        this.options = options;
        // The first message of a broker that has just started takes its time on a busy machine.
        try (Lapwing first = Lapwing.connect(server.uri())) {
            first.publish("first.message", "x");
        }
    }

    /** In a share group, what a dead link swallowed comes again when its lock of 30 s is over. */
    @Override
    public Pace pace() {
        return Pace.local()
                .withMessages(10_000)
                .withPatience(Duration.ofSeconds(options.contains("groups=share") ? 75 : 30))
                .withLeaseAndPause(Duration.ofSeconds(2), Duration.ofMillis(400));
    }

    @Override
    public Space open() {
        return new Space() {
            @Override
            public String uri() {
                return proxy.uri() + "?refresh=500ms&delivery-timeout=8s" + options;
            }

            @Override
            public Optional<Runnable> restart() {
                return Optional.of(server::restart);
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
                return Optional.of(KafkaSpaces.this::write);
            }

            @Override
            public void close() {}
        };
    }

    private void write(String topic, byte[] payload) {
        try (var producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", server.host() + ":" + server.port()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(new KafkaNames().toKafka(topic), 0, null, payload))
                    .get();
        } catch (Exception e) {
            throw new AssertionError("a raw producer failed", e);
        }
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
