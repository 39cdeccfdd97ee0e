// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.lapwing.Lapwing;
import dev.lapwing.testbed.BrokerServer;
import dev.lapwing.testbed.KafkaServer;
import dev.lapwing.testbed.NatsServer;
import dev.lapwing.testbed.RabbitServer;
import dev.lapwing.testbed.RedisServer;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** A member of a group is killed with -9, and another one gets what it had in hand. */
class KilledConsumerTest {

    /** How long what a dead member has may stay with it. */
    static final Duration LEASE = Duration.ofSeconds(2);

    private static final int JOBS = 40;

    /** A broker whose groups remember. */
    enum Remembering {
        RABBITMQ(""),
        RABBITMQ_QUORUM("?queue-type=quorum"),
        KAFKA(""),
        KAFKA_SHARE("?groups=share"),
        REDIS(""),
        NATS("");

        private final String options;

        Remembering(String options) {
            this.options = options;
        }

        BrokerServer start() {
            return switch (this) {
                case RABBITMQ, RABBITMQ_QUORUM -> RabbitServer.start();
                case KAFKA, KAFKA_SHARE -> KafkaServer.start();
                case REDIS -> RedisServer.start();
                case NATS -> NatsServer.start();
            };
        }
    }

    @TempDir Path folder;

    @ParameterizedTest
    @EnumSource
    void anotherMemberGetsWhatTheKilledOneHad(Remembering broker) throws Exception {
        try (BrokerServer server = broker.start();
                Lapwing lapwing = Lapwing.connect(server.uri() + broker.options);
                Program worker =
                        Program.start(
                                folder,
                                Map.of(),
                                StuckWorker.command(server.uri() + broker.options))) {
            worker.awaitOut("ready");
            List<String> jobs = IntStream.range(0, JOBS).mapToObj(n -> "job " + n).toList();
            jobs.forEach(job -> lapwing.publish("jobs", job));
            String stuck = rest(worker.awaitOut("stuck "));
            worker.kill();

            List<String> handled = new CopyOnWriteArrayList<>();
            lapwing.subscribe("jobs")
                    .group("workers")
                    .lease(LEASE)
                    .handle(job -> handled.add(job.text()));
            List<String> done =
                    worker.out().stream()
                            .filter(line -> line.startsWith("done "))
                            .map(KilledConsumerTest::rest)
                            .toList();
            assertThat(done).as("what the worker handled").hasSize(4).doesNotContain(stuck);
            List<String> left = jobs.stream().filter(job -> !done.contains(job)).toList();
            await().atMost(Program.PATIENCE)
                    .untilAsserted(() -> assertThat(handled).contains(stuck).containsAll(left));
            assertThat(jobs).as("what was published").containsAll(handled);
        }
    }

    private static String rest(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }
}
