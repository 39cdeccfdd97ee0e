// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.tck.Space;
import dev.lapwing.testbed.LinkProxy;
import dev.lapwing.testbed.RedisServer;

import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** A real server behind a link that can be cut; its restart is a kill -9. */
final class RedisSpace implements Space {
    private final RedisServer server;
    private final LinkProxy proxy;
    private final String options;
    private final boolean channels;

    private RedisSpace(RedisServer server, String options, boolean channels) {
        this.server = server;
        this.proxy = server.proxy();
        this.options = options;
        this.channels = channels;
    }

    static RedisSpace streams(RedisServer server, String options) {
        return new RedisSpace(server, options, false);
    }

    static RedisSpace channels(RedisServer server) {
        return new RedisSpace(server, "?mode=pubsub", true);
    }

    @Override
    public String uri() {
        return proxy.uri() + options;
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
        return Optional.of((topic, payload) -> {
            try (RedisClient client = RedisClient.create(server.uri());
                    StatefulRedisConnection<byte[], byte[]> plain =
                            client.connect(ByteArrayCodec.INSTANCE)) {
                if (channels) {
                    plain.sync().publish(bytes(topic), payload);
                } else {
                    plain.sync().xadd(bytes(topic), Map.of(bytes("data"), payload));
                }
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        proxy.close();
    }
}
