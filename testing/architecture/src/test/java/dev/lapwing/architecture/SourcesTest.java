// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Rules that only the text of a source can tell, each shown to fail on a source that breaks it. */
class SourcesTest {
    private static final int LONG = 250;
    private static final int TOO_LONG = 400;
    private static final Pattern SLEEP =
            Pattern.compile("(Thread|NANOSECONDS|MILLISECONDS|SECONDS|MINUTES)\\.sleep\\(");
    private static final Pattern SWITCHED_OFF = Pattern.compile("@(Disabled|Ignore)\\b");

    private static final Sources REPOSITORY = Sources.ofTheRepository();

    @TempDir Path folder;

    @Test
    void noSourceIsTooLong() {
        REPOSITORY.longerThan(LONG).forEach(source -> System.out.println("long: " + source));
        assertThat(REPOSITORY.longerThan(TOO_LONG)).isEmpty();
    }

    @Test
    void nobodySleeps() {
        assertThat(REPOSITORY.linesWith(SLEEP)).isEmpty();
    }

    @Test
    void noTestIsSwitchedOff() {
        assertThat(REPOSITORY.linesWith(SWITCHED_OFF)).isEmpty();
    }

    @Test
    void tooLongSourceIsFound() throws IOException {
        write("Long.java", "// line\n".repeat(TOO_LONG + 1));
        write("Short.java", "// line\n".repeat(TOO_LONG));
        assertThat(new Sources(folder).longerThan(TOO_LONG))
                .containsExactly("Long.java: 401 lines");
    }

    @Test
    void sleepIsFound() throws IOException {
        write("src/test/Sleepy.java", "class Sleepy {\n    { Thread" + ".sleep(1); }\n}\n");
        assertThat(new Sources(folder).linesWith(SLEEP))
                .containsExactly("src/test/Sleepy.java:2: { Thread" + ".sleep(1); }");
    }

    @Test
    void switchedOffTestIsFound() throws IOException {
        write("OffTest.java", "@" + "Disabled class OffTest {}\n");
        assertThat(new Sources(folder).linesWith(SWITCHED_OFF)).hasSize(1);
    }

    @Test
    void productsOfBuildsAreNotSources() throws IOException {
        write("target/generated/Long.java", "// line\n".repeat(TOO_LONG + 1));
        assertThat(new Sources(folder).longerThan(TOO_LONG)).isEmpty();
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
