// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

import java.util.concurrent.Callable;

/** The command itself: without a subcommand it says what to type. */
@Command(
        name = "lapwing",
        header = "A real-time message broker: HTTP in, WebSocket out, kept on disk.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        sortOptions = false,
        synopsisHeading = "%nUsage: ",
        synopsisSubcommandLabel = "COMMAND",
        abbreviateSynopsis = true,
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        parameterListHeading = "%nArguments:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, failed, or not all of it came",
            "2:the command line, a topic or a URI is not valid",
            "3:no connection; the address or the data directory is in use",
            "130, 143:ended by Ctrl-C, by SIGTERM"
        })
final class LapwingCommand implements Callable<Integer> {

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Show where an error came from, and log more.")
    private boolean debug;

    boolean isDebug() {
        return debug;
    }

    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getErr());
        }
        return ExitCode.USAGE;
    }
}
