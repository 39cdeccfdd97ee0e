// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

/**
 * {@code ./lapwing} in a small repository of its own, whose Maven only hands over a ready program.
 */
class LauncherTest {
    private static final String PROGRAM =
            """
            package dev.lapwing.cli;

            class Main {
                public static void main(String[] arguments) {
                    System.out.println(String.join("|", arguments));
                    System.exit(arguments.length);
                }
            }
            """;
    private static final String MAVEN =
            """
            #!/bin/sh
            echo built >>builds
            echo '[INFO] Building Lapwing cli 1.0 [1/1]'
            [ ! -e broken ] || { echo '[ERROR] broken'; exit 1; }
            mkdir -p cli/target/quick/stage && cp program.jar cli/target/quick/stage
            """;

    @TempDir Path temporary;
    private Path repository;

    @BeforeEach
    void layOutRepository() throws IOException {
        repository = Files.createDirectory(temporary.resolve("a folder with spaces"));
        Files.createDirectory(repository.resolve("tools"));
        Path original = CodeBlock.repository();
        Files.copy(original.resolve("lapwing"), repository.resolve("lapwing"));
        try (Stream<Path> tools = Files.list(original.resolve("tools"))) {
            for (Path tool : tools.toList()) {
                Files.copy(tool, repository.resolve("tools").resolve(tool.getFileName()));
            }
        }
        for (String module : new String[] {"", "cli", "server/http"}) {
            Files.createDirectories(repository.resolve(module).resolve("src/main/java"));
            Files.writeString(repository.resolve(module).resolve("pom.xml"), "<project/>");
        }
        Files.writeString(source(), PROGRAM);
        Path maven = Files.writeString(repository.resolve("mvnw"), MAVEN);
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        pack(repository.resolve("program.jar"));
    }

    @Test
    void firstUseBuildsAndLaterUseDoesNot() throws Exception {
        Shell.Result first = lapwing("one", "two words");
        assertThat(first.out()).isEqualTo("one|two words\n");
        assertThat(first.status()).isEqualTo(2);
        assertThat(first.err()).contains("building", "[1/1] Lapwing cli");

        Shell.Result second = lapwing("one");
        assertThat(second).isEqualTo(new Shell.Result(1, "one\n", ""));
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void changedSourceIsBuilt() throws Exception {
        lapwing();
        Files.setLastModifiedTime(source(), FileTime.from(Instant.now().plusSeconds(5)));
        lapwing();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void removedSourceIsNoticed() throws Exception {
        lapwing();
        Files.delete(source());
        Path folder = source().getParent();
        Files.setLastModifiedTime(folder, FileTime.from(Instant.now().plusSeconds(5)));
        lapwing();
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void linkFromElsewhereFindsTheRepository() throws Exception {
        Path link = temporary.resolve("link");
        Files.createSymbolicLink(link, temporary.relativize(repository.resolve("lapwing")));
        Path second = Files.createSymbolicLink(temporary.resolve("second"), link);
        assertThat(run(second, "sh", second.toString(), "linked").out()).isEqualTo("linked\n");
    }

    @Test
    void failedBuildTellsWhyAndIsTriedAgain() throws Exception {
        Path broken = Files.createFile(repository.resolve("broken"));
        Shell.Result failed = lapwing();
        assertThat(failed.status()).isEqualTo(1);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err()).contains("[ERROR] broken", "build.log");

        Files.delete(broken);
        assertThat(lapwing("again").out()).isEqualTo("again\n");
    }

    @Test
    void cacheOfAnotherJvmIsPassedOverInSilence() throws Exception {
        lapwing();
        Path cache = repository.resolve("cli/target/quick/dist/serve.aot");
        assertThat(cache).exists();
        Files.writeString(cache, "not a cache");
        assertThat(lapwing("serve")).isEqualTo(new Shell.Result(1, "serve\n", ""));
    }

    private Shell.Result lapwing(String... arguments) throws Exception {
        Path script = repository.resolve("lapwing");
        String[] command =
                Stream.concat(Stream.of("sh", script.toString()), Stream.of(arguments))
                        .toArray(String[]::new);
        return run(script, command);
    }

    private Shell.Result run(Path script, String... command) throws Exception {
        assertThat(script).exists();
        var environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        return new Shell(temporary, environment).run(command);
    }

    private long builds() throws IOException {
        return Files.readAllLines(repository.resolve("builds")).size();
    }

    private Path source() {
        return repository.resolve("cli/src/main/java/Main.java");
    }

    private void pack(Path jar) throws IOException {
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", temporary.toString(), source().toString());
        assertThat(status).isZero();
        String name = "dev/lapwing/cli/Main.class";
        try (OutputStream file = Files.newOutputStream(jar);
                var archive = new JarOutputStream(file)) {
            archive.putNextEntry(new JarEntry(name));
            Files.copy(temporary.resolve(name), archive);
        }
    }
}
