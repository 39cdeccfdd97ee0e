// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.examples;

import dev.lapwing.testbed.BrokerServer;
import dev.lapwing.testbed.KafkaServer;
import dev.lapwing.testbed.NatsServer;
import dev.lapwing.testbed.Ports;
import dev.lapwing.testbed.RabbitServer;
import dev.lapwing.testbed.RedisServer;

import java.nio.file.Files;

/** Every way to run a program: the URI is all that differs. */
enum Everywhere {
    MEMORY,
    EMBEDDED,
    RABBITMQ,
    KAFKA,
    REDIS,
    REDIS_PUBSUB,
    NATS,
    NATS_CORE,
    ZEROMQ;

    /** Where one test runs: a server of its own, where there is one. */
    record Place(String uri, AutoCloseable server) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            server.close();
        }
    }

    /** Starts what is needed; a server is stopped with the place. */
    Place open() throws Exception {
        return switch (this) {
            case MEMORY -> new Place("memory:", () -> {});
            case EMBEDDED ->
                    new Place("embedded:" + Files.createTempDirectory("lapwing"), () -> {});
            case RABBITMQ -> at(RabbitServer.start(), "");
            case KAFKA -> at(KafkaServer.start(), "");
            case REDIS -> at(RedisServer.start(), "");
            case REDIS_PUBSUB -> at(RedisServer.start(), "?mode=pubsub");
            case NATS -> at(NatsServer.start(), "");
            case NATS_CORE -> at(NatsServer.start(), "?mode=core");
            case ZEROMQ -> new Place("zmq+tcp://127.0.0.1:" + Ports.free(), () -> {});
        };
    }

    private static Place at(BrokerServer server, String options) {
        return new Place(server.uri() + options, server);
    }

    /** Whether groups remember their place. */
    boolean hasGroups() {
        return switch (this) {
            case REDIS_PUBSUB, NATS_CORE, ZEROMQ -> false;
            default -> true;
        };
    }
}
