// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Types what the documents tell people to type, with this build's classes and a free port. */
class DocumentedShellTest {

    @TempDir Path folder;

    @Test
    void readmeCommandsDoWhatTheReadmeSays() throws Exception {
        List<String> lines = lines("README.md");
        assertThat(lines.getFirst()).isEqualTo("./lapwing serve");
        try (Server server =
                Server.of(type(lines.getFirst(), Map.of("LAPWING_PORT", "0"), "3030"))) {
            Map<String, String> here = Map.of("LAPWING_URI", server.uri());
            String port = Integer.toString(server.port());
            try (Program sub = type(line(lines, "./lapwing sub"), here, port)) {
                sub.awaitOut("WebSocket client connected");
                try (Program curl = type(line(lines, "curl"), here, port)) {
                    assertThat(curl.exitCode()).as(curl.toString()).isZero();
                }
                sub.awaitOut("Received message: This is a new event");
            }
        }
        var help = new Shell(CodeBlock.repository(), Map.of()).run("./verify", "--help");
        assertThat(lines).contains("./verify");
        assertThat(help.status()).isZero();
    }

    @Test
    void commandLineExamplesRun() throws Exception {
        Files.writeString(folder.resolve("orders.ndjson"), "{\"n\": 1}\n{\"n\": 2}\n");
        Files.write(folder.resolve("photo.jpg"), new byte[] {-1, -40, -1, 0});
        try (Server server = Server.start(folder)) {
            for (String line : lines("docs/cli.md")) {
                try (Program program =
                        type(
                                line,
                                Map.of("LAPWING_URI", server.uri()),
                                Integer.toString(server.port()))) {
                    assertThat(program.exitCode()).as("%s: %s", line, program).isZero();
                }
            }
        }
    }

    private static List<String> lines(String document) throws IOException {
        return CodeBlock.inAllDocuments("sh").stream()
                .filter(block -> block.document().equals(Path.of(document)))
                .flatMap(block -> block.text().lines())
                .toList();
    }

    private static String line(List<String> lines, String beginning) {
        return lines.stream().filter(line -> line.startsWith(beginning)).findFirst().orElseThrow();
    }

    /** Runs one line in a shell in which {@code lapwing} is this build's command. */
    private Program type(String line, Map<String, String> environment, String port)
            throws IOException {
        String command =
                Program.command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        String text = line.replace("./lapwing", "lapwing").replace("3030", port);
        return Program.start(
                folder,
                environment,
                List.of("bash", "-c", "lapwing() { " + command + " \"$@\"; }\n" + text));
    }
}
