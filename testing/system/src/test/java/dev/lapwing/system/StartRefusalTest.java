// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A server that cannot start says why in one line, and exits with a code that scripts can read. */
class StartRefusalTest {

    @TempDir Path folder;

    @Test
    void portInUse() throws Exception {
        try (Server server = Server.start(folder)) {
            String port = Integer.toString(server.port());
            refused(3, port, "serve", "--port", port, "--data", "other");
        }
    }

    @Test
    void dataDirectoryInUse() throws Exception {
        try (Server server = Server.start(folder)) {
            refused(3, "data", "serve", "--port", "0");
            assertThat(server.post("t", "\"still there\"").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void publicAddressUnlessAllowed() throws Exception {
        refused(2, "--allow-public", "serve", "--port", "0", "--host", "0.0.0.0");
        try (Program server =
                Program.lapwing(
                        folder, "serve", "--port", "0", "--host", "0.0.0.0", "--allow-public")) {
            server.awaitOut("Broker server running at http://0.0.0.0:");
        }
    }

    @Test
    void dataDirectoryThatIsAFile() throws Exception {
        Files.writeString(folder.resolve("data"), "");
        refused(3, "data", "serve", "--port", "0");
    }

    @Test
    void wrongOptions() throws Exception {
        refused(2, "Did you mean: --port?", "serve", "--prot", "1");
        refused(2, "'x' is not an int", "serve", "--port", "x");
        refused(2, "70000", "serve", "--port", "70000");
        refused(2, "not a size", "serve", "--max-payload", "1 parsec");
        refused(2, "did you mean 'fsync'?", "serve", "--port", "0", "-o", "fsnyc=always");
        refused(2, "did you mean 'memory'?", "serve", "--port", "0", "--engine", "memroy:");
        refused(2, "exclude each other", "serve", "--engine", "memory:", "--data", "d");
    }

    @Test
    void environmentStandsForOptions() throws Exception {
        var environment = Map.of("LAPWING_PORT", "0", "LAPWING_DATA", "elsewhere");
        try (Program server = Program.start(folder, environment, Program.command("serve"))) {
            server.awaitOut("Broker server running at http://127.0.0.1:");
            assertThat(folder.resolve("elsewhere")).isDirectory();
        }
        try (Program server =
                Program.start(folder, Map.of("LAPWING_PORT", "none"), Program.command("serve"))) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.err().getFirst()).contains("none");
        }
    }

    private void refused(int code, String text, String... arguments) throws Exception {
        try (Program program = Program.lapwing(folder, arguments)) {
            assertThat(program.exitCode()).as(program.toString()).isEqualTo(code);
            assertThat(program.out()).isEmpty();
            assertThat(String.join("\n", program.err())).startsWith("lapwing: ").contains(text);
            assertThat(program.err()).noneMatch(line -> line.startsWith("\tat "));
        }
    }
}
