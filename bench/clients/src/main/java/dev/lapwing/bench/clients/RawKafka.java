// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * kafka-clients: an idempotent producer with acks=all and callbacks; a consumer that polls, handles
 * and commits each batch without waiting. Batching, protocol and isolation are those that Lapwing
 * sets; the topic is the one that Lapwing has created.
 */
final class RawKafka implements RawClient {
    private static final Duration POLL = Duration.ofMillis(200);

    private final String servers;

    RawKafka(String uri) {
        servers = URI.create(uri).getAuthority();
    }

    @Override
    public Outlet publisher(String topic, Window window) {
        var producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                servers,
                                "acks",
                                "all",
                                "enable.idempotence",
                                true,
                                "linger.ms",
                                1,
                                "batch.size",
                                64 << 10,
                                "buffer.memory",
                                64L << 20),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        return new Outlet() {
            @Override
            public void publish(byte[] payload) {
                producer.send(
                        new ProducerRecord<>(topic, payload),
                        (_, failure) -> {
                            if (failure != null) {
                                Load.fail(failure);
                            }
                            window.leave(1);
                        });
            }

            @Override
            public void close() {
                producer.close();
            }
        };
    }

    @Override
    public AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler)
            throws InterruptedException {
        var consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                servers,
                                "group.id",
                                group,
                                "group.protocol",
                                "consumer",
                                "isolation.level",
                                "read_committed",
                                "auto.offset.reset",
                                "earliest",
                                "enable.auto.commit",
                                false,
                                "max.poll.records",
                                prefetch),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        while (consumer.assignment().isEmpty()) {
            handle(consumer.poll(POLL), handler);
        }
        Thread polling = Thread.ofPlatform().name("poll").start(() -> poll(consumer, handler));
        return () -> {
            consumer.wakeup();
            polling.join();
        };
    }

    private static void poll(KafkaConsumer<byte[], byte[]> consumer, Handler handler) {
        try (consumer) {
            try {
                while (true) {
                    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                    if (!records.isEmpty()) {
                        handle(records, handler);
                        consumer.commitAsync((_, failure) -> {
                            if (failure != null) {
                                Load.fail(failure);
                            }
                        });
                    }
                }
            } catch (WakeupException _) {
                consumer.commitSync();
            }
        } catch (RuntimeException e) {
            Load.fail(e);
        }
    }

    private static void handle(ConsumerRecords<byte[], byte[]> records, Handler handler) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            handler.handle(record.value());
        }
    }

    private Admin admin() {
        return Admin.create(Map.<String, Object>of("bootstrap.servers", servers));
    }

    @Override
    public void remove(String topic) throws Exception {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    @Override
    public long unsettled(String topic, String group) throws Exception {
        try (Admin admin = admin()) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            var ends =
                    committed.keySet().stream()
                            .collect(
                                    Collectors.toMap(
                                            partition -> partition,
                                            _ ->
                                                    org.apache.kafka.clients.admin.OffsetSpec
                                                            .latest()));
            long unsettled = 0;
            for (var end : admin.listOffsets(ends).all().get().entrySet()) {
                OffsetAndMetadata at = committed.get(end.getKey());
                unsettled += end.getValue().offset() - (at == null ? 0 : at.offset());
            }
            return unsettled;
        }
    }

    @Override
    public void close() {}
}
