// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;

class CodeBlockTest {
    private static final Path DOCUMENT = Path.of("a.md");

    @Test
    void blocksAreReadWithTheirLanguageAndPlace() {
        String text =
                """
                # Title
                ```java
                int a;

                int b;
                ```
                Words.
                ```
                plain
                ```
                """;
        assertThat(CodeBlock.in(DOCUMENT, text))
                .containsExactly(
                        new CodeBlock(DOCUMENT, 3, "java", "int a;\n\nint b;\n"),
                        new CodeBlock(DOCUMENT, 9, "", "plain\n"));
    }

    @Test
    void indentationOfTheFenceIsTakenOff() {
        String text = "1. Item\n   ```sh\n   ./lapwing \\\n       serve\n   ```\n";
        assertThat(CodeBlock.in(DOCUMENT, text))
                .containsExactly(new CodeBlock(DOCUMENT, 3, "sh", "./lapwing \\\n    serve\n"));
    }

    @Test
    void longerFenceHoldsShorterOnes() {
        String text = "````markdown\n```java\n```\n````\n";
        assertThat(CodeBlock.in(DOCUMENT, text))
                .containsExactly(new CodeBlock(DOCUMENT, 2, "markdown", "```java\n```\n"));
    }

    @Test
    void openFenceEndsWithTheDocument() {
        assertThat(CodeBlock.in(DOCUMENT, "~~~ text\nlast"))
                .containsExactly(new CodeBlock(DOCUMENT, 2, "text", "last\n"));
    }
}
