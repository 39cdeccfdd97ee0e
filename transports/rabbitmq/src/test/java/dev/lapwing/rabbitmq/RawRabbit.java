// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;

import dev.lapwing.testbed.RabbitServer;

/** A client that is not Lapwing. */
final class RawRabbit implements AutoCloseable {
    private final Connection connection;
    private final Channel channel;

    RawRabbit(RabbitServer server) throws Exception {
        var factory = new ConnectionFactory();
        factory.setUri(server.uri());
        connection = factory.newConnection();
        channel = connection.createChannel();
    }

    Channel channel() {
        return channel;
    }

    /** Another channel; the broker ends one that it refuses something. */
    Channel another() throws Exception {
        return connection.createChannel();
    }

    @Override
    public void close() {
        connection.abort(1000);
    }
}
