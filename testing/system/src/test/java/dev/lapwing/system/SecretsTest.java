// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.testbed.BrokerServer;
import dev.lapwing.testbed.KafkaOptions;
import dev.lapwing.testbed.KafkaServer;
import dev.lapwing.testbed.NatsOptions;
import dev.lapwing.testbed.NatsServer;
import dev.lapwing.testbed.RabbitServer;
import dev.lapwing.testbed.RedisOptions;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A password is in no output of a process that logs all it can, its libraries' lines included. */
class SecretsTest {

    private static final String WRONG = "wr0ng-s3cret";

    /** A broker that asks for a password. */
    enum Guarded {
        RABBITMQ("guest"),
        KAFKA("r1ght-s3cret"),
        REDIS("r1ght-s3cret"),
        NATS("r1ght-s3cret");

        private final String password;

        Guarded(String password) {
            this.password = password;
        }

        BrokerServer start() {
            return switch (this) {
                case RABBITMQ -> RabbitServer.start();
                case KAFKA -> KafkaServer.start(KafkaOptions.standard().withUser("me", password));
                case REDIS -> RedisServer.start(RedisOptions.standard().withPassword(password));
                case NATS -> NatsServer.start(NatsOptions.standard().withUser("me", password));
            };
        }
    }

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void passwordsAreInNoLine(Guarded broker) throws Exception {
        try (BrokerServer server = broker.start()) {
            String right = ":" + broker.password + "@";
            List<String> refused = lines(1, server.uri().replace(right, ":" + WRONG + "@"));
            assertThat(refused).noneMatch(line -> line.contains(WRONG));
            List<String> taken = lines(0, server.uri());
            // RabbitMQ's first user has its own name for a password, and the name may be told.
            String told = broker == Guarded.RABBITMQ ? "guest:guest" : broker.password;
            assertThat(taken).noneMatch(line -> line.contains(told));
        }
    }

    private List<String> lines(int exitCode, String uri) throws Exception {
        List<String> command =
                Program.command("--debug", "sub", "orders", "--timeout", "100ms", "--uri", uri);
        try (Program sub = Program.start(folder, Map.of("LAPWING_LOG", "TRACE"), command)) {
            assertThat(sub.exitCode()).as("%s", sub).isEqualTo(exitCode);
            var lines = new ArrayList<>(sub.out());
            lines.addAll(sub.err());
            assertThat(lines).as("what is told").isNotEmpty();
            return lines;
        }
    }
}
