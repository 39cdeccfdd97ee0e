// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Java in the documents compiles against the API as it is. */
class DocumentedJavaTest {
    @TempDir Path folder;

    @ParameterizedTest
    @MethodSource("blocks")
    void documentedJavaCompiles(CodeBlock block) throws IOException {
        assertThat(new JavaSnippet(block.text()).errors(folder)).as(block.toString()).isEmpty();
    }

    static List<CodeBlock> blocks() throws IOException {
        return CodeBlock.inAllDocuments("java");
    }

    @Test
    void statementsCompile() throws IOException {
        assertThat(errors("import java.util.BitSet;\nvar bits = new BitSet();\nlapwing.close();"))
                .isEmpty();
    }

    @Test
    void declarationsCompile() throws IOException {
        assertThat(errors("record Order(int id) {}\n\nprivate int twice(int a) { return 2 * a; }"))
                .isEmpty();
    }

    @Test
    void unknownMethodIsFoundWithItsLine() throws IOException {
        assertThat(errors("int a = 1;\nlapwing.pubish(\"topic\", \"text\");"))
                .singleElement()
                .asString()
                .startsWith("line 2: ")
                .contains("pubish");
    }

    @Test
    void lostQuoteIsFound() throws IOException {
        assertThat(errors("String a = \"lost;")).isNotEmpty();
    }

    private List<String> errors(String snippet) throws IOException {
        return new JavaSnippet(snippet).errors(folder);
    }
}
