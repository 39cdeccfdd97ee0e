// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A disk without room: a limit of the size of a file stands for it, which needs no rights and no
 * mount.
 */
class FullDiskTest {

    @TempDir Path folder;

    @Test
    void nothingIsAcknowledgedAndTheReasonIsTold() throws Exception {
        var command = new ArrayList<>(List.of("sh", "-c", "ulimit -f 64; exec \"$@\"", "sh"));
        command.addAll(Program.command("serve", "--port", "0"));
        try (Program program = Program.start(folder, Map.of(), command);
                Server server = Server.of(program)) {
            var reply = server.post("t", "\"x\"");

            assertThat(reply.statusCode()).as(reply.body()).isEqualTo(503);
            assertThat(reply.body()).contains("Not stored");
            program.awaitErr("");
            assertThat(String.join("\n", program.err())).contains("File too large");
            program.terminate();
            assertThat(program.exitCode()).isIn(0, 1);
        }
        try (Server server = Server.start(folder)) {
            assertThat(server.post("t", "\"there is room again\"").statusCode()).isEqualTo(200);
        }
    }
}
