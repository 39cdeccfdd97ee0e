// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.system;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A piece of Java as documents show it: statements, or declarations of methods and types, with or
 * without imports of their own. What a reader takes as given stands in {@link SnippetSurroundings}.
 */
record JavaSnippet(String text) {
    private static final String IMPORTS =
            "import dev.lapwing.*; import java.io.*; import java.net.*; import java.net.http.*;"
                    + " import java.nio.file.*; import java.time.*; import java.util.*;"
                    + " import java.util.concurrent.*; import java.util.function.*;"
                    + " import java.util.stream.*;";
    private static final String SURROUNDINGS = SnippetSurroundings.class.getName();

    /**
     * What the compiler says against it, each with the line in the snippet; classes go to {@code
     * output}.
     */
    List<String> errors(Path output) throws IOException {
        List<String> asStatements = compile("void snippet() throws Exception {", "}", output);
        if (asStatements.isEmpty() || compile("", "", output).isEmpty()) {
            return List.of();
        }
        return asStatements;
    }

    /** Compiles it between two pieces of a class body, its lines at their own numbers. */
    private List<String> compile(String before, String after, Path output) throws IOException {
        String opening = IMPORTS + imports() + " class Snippet extends " + SURROUNDINGS + " {";
        String source = opening + before + body() + after + "}";
        var diagnostics = new DiagnosticCollector<JavaFileObject>();
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(diagnostics, null, null)) {
            List<String> options = List.of("-proc:none", "-d", output.toString());
            compiler.getTask(null, files, diagnostics, options, null, List.of(new Unit(source)))
                    .call();
        }
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .map(error ->
                        "line " + error.getLineNumber() + ": " + error.getMessage(Locale.ROOT))
                .toList();
    }

    private String imports() {
        return text.lines().filter(JavaSnippet::isImport).collect(Collectors.joining(" "));
    }

    private String body() {
        return text.lines()
                .map(line -> isImport(line) ? "" : line)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private static boolean isImport(String line) {
        return line.startsWith("import ");
    }

    /** A source in memory. */
    private static final class Unit extends SimpleJavaFileObject {
        private final String source;

        Unit(String source) {
            super(URI.create("string:///Snippet.java"), Kind.SOURCE);
            this.source = source;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
        }
    }
}
