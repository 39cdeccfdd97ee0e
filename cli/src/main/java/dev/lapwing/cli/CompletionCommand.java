// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import org.jspecify.annotations.Nullable;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a script that completes the command in bash and zsh. */
@Command(
        name = "completion",
        header = "Print a script for completion in bash and zsh.",
        description = "%nThe script completes commands and options when Tab is pressed.",
        footer = {
            "%nExamples:",
            "  source <(lapwing completion)",
            "  lapwing completion > ~/.local/share/bash-completion/completions/lapwing"
        })
final class CompletionCommand implements Runnable {

    private final Streams streams;

    @Spec private @Nullable CommandSpec spec;

    CompletionCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public void run() {
        if (spec != null) {
            streams.text().println(AutoComplete.bash("lapwing", spec.root().commandLine()));
        }
    }
}
