// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

import java.time.Duration;

/** Lettuce over Redis Pub/Sub: publishes are collected and flushed in batches. */
final class RawPubSub implements RawClient {
    private final RedisClient client;

    RawPubSub(String uri) {
        client = RedisClient.create(RedisURI.create(Load.withoutQuery(uri)));
    }

    @Override
    public Outlet publisher(String topic, Window window) {
        StatefulRedisConnection<String, byte[]> connection = client.connect(RawRedis.CODEC);
        connection.setAutoFlushCommands(false);
        var commands = connection.async();
        return new Outlet() {
            private int collected;

            @Override
            public void publish(byte[] payload) {
                commands.publish(topic, payload)
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                Load.fail(failure);
                            }
                            window.leave(1);
                        });
                if (++collected == RawRedis.BATCH) {
                    flush();
                }
            }

            @Override
            public void flush() {
                connection.flushCommands();
                collected = 0;
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }

    @Override
    public AutoCloseable subscriber(String topic, String group, int prefetch, Handler handler) {
        StatefulRedisPubSubConnection<String, byte[]> connection =
                client.connectPubSub(RawRedis.CODEC);
        connection.addListener(
                new RedisPubSubAdapter<>() {
                    @Override
                    public void message(String channel, byte[] payload) {
                        handler.handle(payload);
                    }
                });
        connection.sync().subscribe(topic);
        return connection::close;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
