// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;

import java.time.Duration;
import java.util.Map;

/** Puts the command line together. */
final class CommandLines {
    private CommandLines() {}

    /**
     * The whole command.
     *
     * @param environment where defaults may stand, and whether colours are wanted
     */
    static CommandLine create(Streams streams, Map<String, String> environment) {
        var lapwing = new LapwingCommand();
        CommandLine commands =
                new CommandLine(lapwing)
                        .addSubcommand(new ServeCommand(streams))
                        .addSubcommand(new PubCommand(streams))
                        .addSubcommand(new SubCommand(streams))
                        .addSubcommand(new TopicsCommand(streams))
                        .addSubcommand(new GroupsCommand(streams))
                        .addSubcommand(new LogCommand(streams))
                        .addSubcommand(new CompletionCommand(streams))
                        .addSubcommand(new CommandLine.HelpCommand());
        commands.registerConverter(ByteSize.class, ByteSize::parse)
                .registerConverter(Duration.class, Durations::parse)
                .setOut(streams.text())
                .setErr(streams.err())
                .setColorScheme(Help.defaultColorScheme(colours(streams, environment)))
                .setUsageHelpWidth(100)
                .setUsageHelpLongOptionsMaxWidth(32)
                .setExitCodeExceptionMapper(Failures::exitCode)
                .setParameterExceptionHandler(Failures::usage)
                .setExecutionExceptionHandler((failure, command, parsed) ->
                        Failures.execution(failure, command, lapwing.isDebug()))
                .setExecutionStrategy(parsed -> {
                    LogSetup.setDebug(lapwing.isDebug());
                    return new CommandLine.RunLast().execute(parsed);
                });
        return commands;
    }

    private static Help.Ansi colours(Streams streams, Map<String, String> environment) {
        boolean wanted =
                streams.outIsTerminal()
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !environment.getOrDefault("TERM", "").equals("dumb");
        return wanted ? Help.Ansi.ON : Help.Ansi.OFF;
    }
}
