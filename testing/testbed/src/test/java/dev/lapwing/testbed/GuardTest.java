// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

class GuardTest {

    /** A program that starts a server and stays. */
    static final class Starter {
        static void main() throws InterruptedException {
            RabbitServer server = RabbitServer.start();
            System.out.println(server.port());
            System.out.println(server.log().getParent());
            Thread.currentThread().join();
        }
    }

    @Test
    void serverAndItsFolderEndWithAKilledJvm() throws Exception {
        Process jvm =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-Xmx64m",
                                "-classpath",
                                System.getProperty("java.class.path"),
                                Starter.class.getName())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var out =
                new BufferedReader(
                        new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(out.readLine());
            Path folder = Path.of(out.readLine());
            assertThat(Probe.accepts(port)).isTrue();
            jvm.destroyForcibly();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !Probe.accepts(port) && Files.notExists(folder));
        } finally {
            jvm.destroyForcibly();
        }
    }
}
