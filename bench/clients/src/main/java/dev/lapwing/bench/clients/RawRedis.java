// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench.clients;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/**
 * Lettuce over streams, as its documentation says to use it for speed: commands are collected and
 * flushed in batches; each acknowledgement of a batch travels together with the next read.
 */
final class RawRedis implements RawClient {
    static final RedisCodec<String, byte[]> CODEC =
            RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    static final int BATCH = 256;
    private static final String FIELD = "data";

    private final RedisClient client;

    RawRedis(String uri) {
        client = RedisClient.create(RedisURI.create(uri));
    }

    @Override
    public Outlet publisher(String topic, Window window) {
        StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC);
        connection.setAutoFlushCommands(false);
        RedisAsyncCommands<String, byte[]> commands = connection.async();
        return new Outlet() {
            private int collected;

            @Override
            public void publish(byte[] payload) {
                commands.xadd(topic, Map.of(FIELD, payload))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                Load.fail(failure);
                            }
                            window.leave(1);
                        });
                if (++collected == BATCH) {
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
        StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC);
        try {
            connection
                    .sync()
                    .xgroupCreate(
                            StreamOffset.from(topic, "0"),
                            group,
                            XGroupCreateArgs.Builder.mkstream());
        } catch (RedisBusyException _) {
            // Lapwing has declared it.
        }
        connection.setAutoFlushCommands(false);
        var reading = new Reading(connection, topic, group, prefetch, handler);
        Thread thread = Thread.ofPlatform().name("read").start(reading);
        return () -> {
            reading.running = false;
            thread.join();
            connection.close();
        };
    }

    /** Reads and acknowledges in turns. */
    private static final class Reading implements Runnable {
        private static final Duration BLOCK = Duration.ofMillis(200);

        private final StatefulRedisConnection<String, byte[]> connection;
        private final String topic;
        private final String group;
        private final int prefetch;
        private final Handler handler;
        private Future<?> acknowledged = CompletableFuture.completedFuture(null);
        volatile boolean running = true;

        Reading(
                StatefulRedisConnection<String, byte[]> connection,
                String topic,
                String group,
                int prefetch,
                Handler handler) {
            this.connection = connection;
            this.topic = topic;
            this.group = group;
            this.prefetch = prefetch;
            this.handler = handler;
        }

        @Override
        public void run() {
            try {
                // Two reads are under way, so that the server works while the handler does.
                var next = read();
                while (running) {
                    var ahead = read();
                    handle(next.get());
                    next = ahead;
                }
                handle(next.get());
                acknowledged.get();
            } catch (Exception e) {
                Load.fail(e);
            }
        }

        private io.lettuce.core.RedisFuture<List<StreamMessage<String, byte[]>>> read() {
            var read =
                    connection
                            .async()
                            .xreadgroup(
                                    Consumer.from(group, "raw"),
                                    XReadArgs.Builder.block(BLOCK).count(Math.max(1, prefetch / 2)),
                                    StreamOffset.lastConsumed(topic));
            connection.flushCommands();
            return read;
        }

        private void handle(List<StreamMessage<String, byte[]>> batch) {
            if (batch.isEmpty()) {
                return;
            }
            var ids = new String[batch.size()];
            for (int at = 0; at < ids.length; at++) {
                StreamMessage<String, byte[]> message = batch.get(at);
                handler.handle(Objects.requireNonNull(message.getBody().get(FIELD)));
                ids[at] = message.getId();
            }
            acknowledged = connection.async().xack(topic, group, ids).toCompletableFuture();
            connection.flushCommands();
        }
    }

    @Override
    public void purge(String topic) {
        try (StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC)) {
            connection.sync().xtrim(topic, 0);
        }
    }

    @Override
    public void remove(String topic) {
        try (StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC)) {
            connection.sync().del(topic);
        }
    }

    @Override
    public long unsettled(String topic, String group) {
        try (StatefulRedisConnection<String, byte[]> connection = client.connect(CODEC)) {
            return connection.sync().xpending(topic, group).getCount();
        }
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
