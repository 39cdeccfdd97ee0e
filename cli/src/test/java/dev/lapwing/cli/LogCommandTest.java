// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lapwing.Lapwing;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Checks and saves a real log, whole and damaged. */
class LogCommandTest {

    private static final String MARK = "the message that is damaged";

    @TempDir Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void publishThreeMessages() {
        try (Lapwing lapwing = Lapwing.connect(uri("data"))) {
            lapwing.publish("orders", "first");
            lapwing.publish("orders", MARK);
            lapwing.publish("orders", "third");
        }
    }

    private String uri(String name) {
        return "embedded:" + folder.resolve(name) + "?segment-bytes=4MiB";
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        var streams =
                new Streams(
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        new PrintWriter(err, true, StandardCharsets.UTF_8),
                        false,
                        false,
                        false);
        return CommandLines.create(streams, Map.of()).execute(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** Changes one byte of the second message's text. */
    private void damage() throws IOException {
        try (var files = Files.list(folder.resolve("data"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(MARK);
                if (at >= 0) {
                    bytes[at]++;
                    Files.write(file, bytes);
                }
            }
        }
    }

    @Test
    void wholeLogIsHealthy() {
        assertThat(run("log", "verify", path("data"))).as(err()).isZero();
        assertThat(out()).contains("SEGMENT").contains("Healthy: ");
    }

    @Test
    void damageIsToldWithItsPlace() throws Exception {
        damage();
        assertThat(run("log", "verify", path("data"))).isEqualTo(ExitCode.FAILED);
        assertThat(out()).contains("Damaged, 1 in all:", "from position 1 on");
    }

    @Test
    void salvageKeepsAllButTheDamaged() throws Exception {
        damage();
        assertThat(run("log", "salvage", path("data"), path("saved"))).as(err()).isZero();
        assertThat(out()).contains("records are saved in");
        assertThat(run("log", "verify", path("saved"))).as(out()).isZero();

        run("sub", "orders", "--raw", "--from", "earliest", "-n", "2", "--uri", uri("saved"));
        assertThat(out()).isEqualTo("first\nthird\n");
    }

    @Test
    void logInUseIsRefusedInOneLine() {
        try (Lapwing lapwing = Lapwing.connect(uri("data"))) {
            assertThat(lapwing.state()).isNotNull();
            assertThat(run("log", "verify", path("data"))).isEqualTo(ExitCode.FAILED);
            assertThat(err()).contains("is in use").doesNotContain("defect");
        }
    }

    @Test
    void directoryThatIsNotThereIsNamed() {
        assertThat(run("log", "verify", path("absent"))).isEqualTo(ExitCode.FAILED);
        assertThat(err()).isEqualTo("lapwing: There is no file '%s'\n".formatted(path("absent")));
    }
}
