// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.testbed.BrokerServer;
import dev.lapwing.testbed.KafkaServer;
import dev.lapwing.testbed.NatsServer;
import dev.lapwing.testbed.RabbitServer;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;

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

    @ParameterizedTest
    @EnumSource
    void subPrintsWhatPubPublishes(Broker broker) throws Exception {
        try (BrokerServer server = broker.start()) {
            String uri = server.uri() + broker.options;
            try (Program sub = Program.lapwing(folder, "sub", "批量订单", "--uri", uri, "-n", "2")) {
                sub.awaitOut("Subscribed to 批量订单");
                for (String order : new String[] {"一号", "two"}) {
                    try (Program pub =
                            Program.lapwing(folder, "pub", "批量订单", order, "--uri", uri)) {
                        assertThat(pub.exitCode()).as("%s", pub).isZero();
                    }
                    sub.awaitOut("Received message: " + order);
                }
                assertThat(sub.exitCode()).as("%s", sub).isZero();
            }
        }
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
