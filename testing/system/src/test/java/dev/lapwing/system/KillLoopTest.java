// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Kills the server at random moments under load, half of the time during recovery as well. What was
 * acknowledged must be there afterwards; what was sent without an answer may be. {@code
 * -Dlapwing.rounds=…} makes it long, {@code -Dlapwing.seed=…} repeats the moments.
 */
class KillLoopTest {

    private static final int PUBLISHERS = 16;

    @TempDir Path folder;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();

    @Test
    void everythingAcknowledgedIsThereAfterEveryKill() throws Exception {
        long seed = Long.getLong("lapwing.seed", System.nanoTime());
        System.out.println("KillLoopTest: -Dlapwing.seed=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        int rounds = Integer.getInteger("lapwing.rounds", 3);
        for (int round = 0; round < rounds; round++) {
            publishUntilKilled(round, 50 + random.nextInt(500));
            if (random.nextBoolean()) {
                killDuringRecovery();
            }
            checkLedger(round);
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(50 * rounds);
    }

    private void publishUntilKilled(int round, int acknowledgements) throws Exception {
        int before = acknowledged.size();
        var stopped = new AtomicBoolean();
        try (Server server = Server.start(folder);
                var publishers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int publisher = 0; publisher < PUBLISHERS; publisher++) {
                String name = round + "-" + publisher + "-";
                publishers.execute(() -> publish(server, name, stopped));
            }
            await().atMost(Program.PATIENCE)
                    .until(() -> acknowledged.size() - before >= acknowledgements);
            server.program().kill();
            stopped.set(true);
        }
    }

    private void publish(Server server, String name, AtomicBoolean stopped) {
        for (int number = 0; !stopped.get(); number++) {
            String event = name + number;
            try {
                int status = server.post("ledger", "\"" + event + "\"").statusCode();
                (status == 200 ? acknowledged : unknown).add(event);
            } catch (IOException e) {
                unknown.add(event);
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Starts once more and kills it before or just after it is ready. */
    private void killDuringRecovery() throws Exception {
        try (Program program = Program.lapwing(folder, "serve", "--port", "0")) {
            await().atMost(Program.PATIENCE).until(() -> recovers(program));
            program.kill();
        }
    }

    private static boolean recovers(Program program) {
        return !program.out().isEmpty() || !program.err().isEmpty() || !program.isAlive();
    }

    private void checkLedger(int round) throws Exception {
        try (Server server = Server.start(folder);
                Program sub =
                        Program.lapwing(
                                folder,
                                "sub",
                                "ledger",
                                "--raw",
                                "--from",
                                "earliest",
                                "--timeout",
                                "2s",
                                "--uri",
                                server.uri())) {
            assertThat(sub.exitCode()).as(sub.toString()).isZero();
            List<String> events = sub.out();
            assertThat(events).as("round " + round).containsAll(acknowledged);
            assertThat(events).doesNotHaveDuplicates();
            assertThat(events)
                    .allMatch(event -> acknowledged.contains(event) || unknown.contains(event));
        }
    }
}
