// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** How the commands at the root find their JDK. */
class JdkSearchTest {
    @TempDir Path folder;

    @Test
    void javaHomeIsTakenFirst() throws Exception {
        Path given = jdk("given", "26-ea");
        Path onPath = jdk("on the path", "25.0.1");
        assertThat(search(given, onPath)).isEqualTo(given.toString());
    }

    @Test
    void olderJavaHomeIsPassedOver() throws Exception {
        Path given = jdk("given", "17.0.15");
        Path onPath = jdk("on the path", "25.0.1");
        assertThat(search(given, onPath)).isEqualTo(onPath.toString());
    }

    @Test
    void javaOnThePathIsFollowedThroughLinks() throws Exception {
        Path jdk = jdk("real", "25");
        Path bin = Files.createDirectories(folder.resolve("linked/bin"));
        Files.createSymbolicLink(bin.resolve("java"), jdk.resolve("bin/java"));
        assertThat(search(folder.resolve("none"), bin.getParent())).isEqualTo(jdk.toString());
    }

    @Test
    void runtimeWithoutCompilerIsNoJdk() throws Exception {
        Path runtime = jdk("runtime", "25");
        Files.delete(runtime.resolve("bin/javac"));
        Path onPath = jdk("on the path", "25.0.1");
        assertThat(search(runtime, onPath)).isEqualTo(onPath.toString());
    }

    @Test
    void missingJdkIsToldInOneLine() throws Exception {
        Shell.Result result = run("jdk_wanted=99; find_jdk", folder, folder);
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err().lines())
                .singleElement()
                .asString()
                .contains("JDK 99 or newer", "install one", "JAVA_HOME");
    }

    private String search(Path javaHome, Path onPath) throws Exception {
        return run("find_jdk && printf %s \"$JAVA_HOME\"", javaHome, onPath).out();
    }

    private Shell.Result run(String script, Path javaHome, Path onPath) throws Exception {
        var environment =
                Map.of(
                        "JAVA_HOME",
                        javaHome.toString(),
                        "PATH",
                        onPath.resolve("bin") + ":" + System.getenv("PATH"));
        Path search = CodeBlock.repository().resolve("tools/jdk.sh");
        return new Shell(folder, environment).run("sh", "-c", ". '" + search + "'; " + script);
    }

    /** A folder that looks like a JDK of the given version. */
    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Path bin = Files.createDirectories(home.resolve("bin"));
        for (String tool : new String[] {"java", "javac"}) {
            assertThat(Files.createFile(bin.resolve(tool)).toFile().setExecutable(true)).isTrue();
        }
        Files.writeString(
                home.resolve("release"),
                "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
