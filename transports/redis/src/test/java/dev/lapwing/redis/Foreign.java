// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.testbed.RedisServer;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

/** A client that is not Lapwing. */
final class Foreign implements AutoCloseable {
    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    Foreign(RedisServer server) {
        client = RedisClient.create(server.uri());
        connection = client.connect();
    }

    RedisCommands<String, String> does() {
        return connection.sync();
    }

    /** Reads entries as a consumer of a group, and does not ack them. */
    @SuppressWarnings("unchecked") // The library takes an array of a generic type.
    void readAndDie(String topic, String group, int count) {
        does().xreadgroup(
                        Consumer.from(group, "died"),
                        XReadArgs.Builder.count(count),
                        XReadArgs.StreamOffset.lastConsumed(topic));
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
