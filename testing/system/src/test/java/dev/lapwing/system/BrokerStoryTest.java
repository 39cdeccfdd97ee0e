// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What the README promises, in real processes. */
class BrokerStoryTest {

    @TempDir Path folder;

    @Test
    void postedEventReachesTheSubscriberAndSurvivesAKill() throws Exception {
        try (Server server = Server.start(folder);
                Program sub = Program.lapwing(folder, "sub", "newtopic", "--uri", server.uri())) {
            sub.awaitOut("WebSocket client connected");

            var reply = server.post("newtopic", "\"This is a new event\"");

            assertThat(reply.statusCode()).isEqualTo(200);
            assertThat(reply.body()).contains("\"topic\":\"newtopic\"", "\"position\":\"");
            sub.awaitOut("Received message: This is a new event");
            assertThat(sub.out())
                    .containsExactly(
                            "WebSocket client connected", "Received message: This is a new event");
            server.program().kill();
        }
        try (Server server = Server.start(folder);
                Program sub =
                        Program.lapwing(
                                folder,
                                "sub",
                                "newtopic",
                                "--from",
                                "earliest",
                                "--count",
                                "1",
                                "--uri",
                                server.uri())) {
            assertThat(sub.exitCode()).isZero();
            assertThat(sub.out()).contains("Received message: This is a new event");
        }
    }

    @Test
    void subscriberMissesNothingWhileTheServerIsKilledAndStartedAgain() throws Exception {
        Server server = Server.start(folder);
        int port = server.port();
        try (Program sub = Program.lapwing(folder, "sub", "t", "--uri", server.uri())) {
            sub.awaitOut("WebSocket client connected");
            server.post("t", "\"before\"");
            sub.awaitOut("Received message: before");
            server.program().kill();
            sub.awaitErr("lapwing: the connection is lost");

            server = Server.startAt(folder, port);
            server.post("t", "\"after\"");

            sub.awaitOut("Received message: after");
            await().until(() -> sub.err().contains("lapwing: connected again"));
            sub.interrupt();
            assertThat(sub.exitCode()).isEqualTo(130);
            assertThat(sub.out())
                    .containsExactly(
                            "WebSocket client connected",
                            "Received message: before",
                            "Received message: after");
        } finally {
            server.close();
        }
    }

    @Test
    void linesFromStandardInputReachTheTopicInOrder() throws Exception {
        try (Server server = Server.start(folder);
                Program pub = Program.lapwing(folder, "pub", "numbers", "--uri", server.uri())) {
            var lines = new StringBuilder();
            for (int line = 0; line < 5_000; line++) {
                lines.append(line).append('\n');
            }
            pub.type(lines.toString());
            pub.endInput();
            assertThat(pub.exitCode()).as(pub.toString()).isZero();
            assertThat(pub.err()).last().asString().startsWith("Published 5,000 messages");

            try (Program sub =
                    Program.lapwing(
                            folder,
                            "sub",
                            "numbers",
                            "--raw",
                            "--from",
                            "earliest",
                            "-n",
                            "5000",
                            "--uri",
                            server.uri())) {
                assertThat(sub.exitCode()).as(sub.toString()).isZero();
                assertThat(String.join("\n", sub.out()) + "\n").isEqualTo(lines.toString());
            }
            try (Program topics = Program.lapwing(folder, "topics", "--uri", server.uri())) {
                assertThat(topics.exitCode()).isZero();
                assertThat(topics.out().getLast()).matches("numbers +5,000 +[0-9.]+ KiB +0 +4999");
            }
        }
    }

    @Test
    void unicodeTopicAndPatternWork() throws Exception {
        try (Server server = Server.start(folder);
                Program sub = Program.lapwing(folder, "sub", "订单.*", "--uri", server.uri())) {
            sub.awaitOut("WebSocket client connected");
            assertThat(server.post("订单.新", "{\"值\": 1}").statusCode()).isEqualTo(200);
            sub.awaitOut("Received message on 订单.新: {\"值\": 1}");
        }
    }
}
