// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.testbed.BrokerServer;
import dev.lapwing.testbed.KafkaServer;
import dev.lapwing.testbed.NatsServer;
import dev.lapwing.testbed.Ports;
import dev.lapwing.testbed.RabbitServer;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The command and the server over each broker: only the URI differs. */
class EveryBrokerTest {

    /** A broker, and what is said about it behind its address. */
    enum Broker {
        RABBITMQ(""),
        KAFKA(""),
        REDIS(""),
        REDIS_PUBSUB("?mode=pubsub"),
        NATS(""),
        NATS_CORE("?mode=core");

        private final String options;

        Broker(String options) {
            this.options = options;
        }

        BrokerServer start() throws Exception {
            return switch (this) {
                case RABBITMQ -> RabbitServer.start();
                case KAFKA -> KafkaServer.start();
                case REDIS, REDIS_PUBSUB -> RedisServer.start();
                case NATS, NATS_CORE -> NatsServer.start();
            };
        }
    }

    @TempDir Path folder;

    @Test
    void subPrintsWhatPubPublishesWithNoBrokerBetween() throws Exception {
        String uri = "zmq+tcp://127.0.0.1:" + Ports.free();
        try (Program sub = Program.lapwing(folder, "sub", "批量订单", "--uri", uri, "-n", "2")) {
            publishTwoTo(sub, uri);
        }
    }

    @ParameterizedTest
    @EnumSource
    void subPrintsWhatPubPublishes(Broker broker) throws Exception {
        try (BrokerServer server = broker.start()) {
            String uri = server.uri() + broker.options;
            try (Program sub = Program.lapwing(folder, "sub", "批量订单", "--uri", uri, "-n", "2")) {
                publishTwoTo(sub, uri);
            }
        }
    }

    private void publishTwoTo(Program sub, String uri) throws Exception {
        sub.awaitOut("Subscribed to 批量订单");
        for (String order : new String[] {"一号", "two"}) {
            publish(uri, "批量订单", order);
            sub.awaitOut("Received message: " + order);
        }
        assertThat(sub.exitCode()).as("%s", sub).isZero();
    }

    private void publish(String uri, String topic, String text) throws Exception {
        try (Program pub = Program.lapwing(folder, "pub", topic, text, "--uri", uri)) {
            assertThat(pub.exitCode()).as("%s", pub).isZero();
        }
    }

    @Test
    void groupSharesWhatABrokerWithoutMemoryHasIfToldThatItMayBeLost() throws Exception {
        try (BrokerServer server = NatsServer.start()) {
            String uri = server.uri() + "?mode=core";
            try (Program refused = worker(uri)) {
                assertThat(refused.exitCode()).isNotZero();
                assertThat(refused.err()).anyMatch(line -> line.contains("AT_MOST_ONCE"));
            }
            try (Program one = worker(uri, "--at-most-once");
                    Program two = worker(uri, "--at-most-once")) {
                one.awaitOut("Subscribed to jobs");
                two.awaitOut("Subscribed to jobs");
                List<String> jobs = List.of("Received message: a", "Received message: b");
                publish(uri, "jobs", "a");
                publish(uri, "jobs", "b");
                await().atMost(Program.PATIENCE)
                        .until(() -> received(one).size() + received(two).size() == jobs.size());
                assertThat(Stream.concat(received(one).stream(), received(two).stream()))
                        .containsExactlyInAnyOrderElementsOf(jobs);
            }
        }
    }

    private Program worker(String uri, String... options) throws Exception {
        Stream<String> words = Stream.of("sub", "jobs", "--uri", uri, "--group", "workers");
        return Program.lapwing(
                folder, Stream.concat(words, Stream.of(options)).toArray(String[]::new));
    }

    private static List<String> received(Program worker) {
        return worker.out().stream().filter(line -> line.startsWith("Received")).toList();
    }

    @ParameterizedTest
    @EnumSource
    void serverPushesWhatItsEngineStoresAndSaysWhenTheEngineIsGone(Broker broker) throws Exception {
        try (BrokerServer engine = broker.start();
                Server server = Server.start(folder, "--engine", engine.uri() + broker.options);
                var client = new RawWebSocket(server.port(), "/subscribe/orders")) {
            server.post("orders", "\"order 1\"");
            assertThat(client.next().text()).isEqualTo("order 1");

            engine.kill();
            await().atMost(Program.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(server.get("/health").statusCode()).isEqualTo(503));
            engine.startAgain();
            await().atMost(Program.PATIENCE)
                    .untilAsserted(
                            () -> assertThat(server.get("/health").statusCode()).isEqualTo(200));
            server.post("orders", "\"order 2\"");
            assertThat(client.next().text()).isEqualTo("order 2");
        }
    }
}
