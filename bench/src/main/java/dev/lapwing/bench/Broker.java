// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import dev.lapwing.testbed.BrokerServer;
import dev.lapwing.testbed.KafkaOptions;
import dev.lapwing.testbed.KafkaServer;
import dev.lapwing.testbed.NatsServer;
import dev.lapwing.testbed.RabbitServer;
import dev.lapwing.testbed.RedisServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;
import java.util.function.Supplier;

/** A broker as it is measured: what it is called, how it keeps messages, how much it is given. */
enum Broker {
    RABBITMQ("rabbitmq", "RabbitMQ", "amqp-client", Kept.UNTIL_ACKED, 4_096, 40_000),
    KAFKA("kafka", "Kafka", "kafka-clients", Kept.FOR_ALL, 16_384, 1_000_000),
    REDIS("redis", "Redis Streams", "Lettuce", Kept.FOR_ALL, 4_096, 200_000),
    PUBSUB("pubsub", "Redis Pub/Sub", "Lettuce", Kept.NOT, 4_096, 200_000),
    NATS("nats", "JetStream", "jnats", Kept.FOR_ALL, 4_096, 150_000),
    CORE_NATS("core-nats", "core NATS", "jnats", Kept.NOT, 4_096, 500_000),
    ZEROMQ("zeromq", "ZeroMQ", "JeroMQ", Kept.NOT, 4_096, 500_000);

    /** What becomes of a message that a broker has taken. */
    enum Kept {
        /** Every group that begins at the earliest message sees it. */
        FOR_ALL,
        /** It is gone when it is acknowledged. */
        UNTIL_ACKED,
        /** Who is not there misses it. */
        NOT
    }

    /** The testbed's own compiles quickly and not well. */
    private static final KafkaOptions FAST_KAFKA =
            KafkaOptions.standard().withJvm("-XX:TieredStopAtLevel=4", "-Xmx1g");

    private final String word;
    private final String title;
    private final String client;
    private final Kept kept;
    private final int inFlight;
    private final int messages;

    Broker(String word, String title, String client, Kept kept, int inFlight, int messages) {
        this.word = word;
        this.title = title;
        this.client = client;
        this.kept = kept;
        this.inFlight = inFlight;
        this.messages = messages;
    }

    /** What the load processes call it. */
    String word() {
        return word;
    }

    String title() {
        return title;
    }

    /** The broker's own Java client. */
    String client() {
        return client;
    }

    Kept kept() {
        return kept;
    }

    /** How many messages may be under way, on both sides. */
    int inFlight() {
        return inFlight;
    }

    /** How many messages a full run consumes. */
    int messages() {
        return messages;
    }

    /** A server that runs, and the URI for both sides; without a server where there is none. */
    record Running(Optional<BrokerServer> server, String uri) implements AutoCloseable {
        @Override
        public void close() {
            server.ifPresent(BrokerServer::close);
        }
    }

    /** Whether a message of Lapwing carries more than a bare one of the client. */
    boolean marks() {
        return this == RABBITMQ;
    }

    /** Starts its server; the testbed's failures say what is missing. */
    Running start() throws IOException {
        return switch (this) {
            case RABBITMQ -> serve(RabbitServer::start, "");
            case KAFKA -> serve(() -> KafkaServer.start(FAST_KAFKA), "");
            case REDIS -> serve(RedisServer::start, "");
            case PUBSUB -> serve(RedisServer::start, "?mode=pubsub");
            case NATS -> serve(NatsServer::start, "");
            case CORE_NATS -> serve(NatsServer::start, "?mode=core");
            case ZEROMQ -> new Running(Optional.empty(), "zmq+tcp://127.0.0.1:" + freePort());
        };
    }

    private static Running serve(Supplier<? extends BrokerServer> start, String query) {
        try {
            BrokerServer server = start.get();
            return new Running(Optional.of(server), server.uri() + query);
        } catch (RuntimeException e) {
            throw new BenchmarkFailure(String.valueOf(e.getMessage()));
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
