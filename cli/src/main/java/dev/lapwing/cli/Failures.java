// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.InvalidUriException;
import dev.lapwing.LapwingException;
import dev.lapwing.http.AddressInUseException;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Tells a person what went wrong in one line, and the shell by an exit code. */
final class Failures {
    private Failures() {}

    /** The command line cannot be understood. */
    static int usage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("lapwing: " + firstLine(String.valueOf(failure.getMessage())));
        if (failure instanceof UnmatchedArgumentException unmatched) {
            nearest(command, unmatched.getUnmatched().getFirst())
                    .ifPresent(near -> err.println("Did you mean: " + near + "?"));
        }
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static Optional<String> nearest(CommandLine command, String word) {
        int equals = word.indexOf('=');
        return word.startsWith("-")
                ? Nearest.to(
                        equals < 0 ? word : word.substring(0, equals),
                        command.getCommandSpec().optionsMap().keySet())
                : Nearest.to(word, command.getSubcommands().keySet());
    }

    /** A command failed. */
    static int execution(Exception failure, CommandLine command, boolean debug) {
        PrintWriter err = command.getErr();
        err.println("lapwing: " + text(failure));
        if (debug) {
            failure.printStackTrace(err);
        } else if (!isExpected(failure)) {
            err.println("This is a defect; please report it with the output of --debug.");
        }
        return exitCode(failure);
    }

    static int exitCode(Throwable failure) {
        return switch (failure) {
            case ConnectionFailedException e -> ExitCode.NO_CONNECTION;
            case AddressInUseException e -> ExitCode.NO_CONNECTION;
            case InvalidUriException e -> ExitCode.USAGE;
            case InvalidMessageException e -> ExitCode.USAGE;
            default -> ExitCode.FAILED;
        };
    }

    private static boolean isExpected(Exception failure) {
        return failure instanceof LapwingException || failure instanceof IOException;
    }

    private static String text(Exception failure) {
        return switch (failure) {
            case LapwingException e -> e.getMessage();
            case NoSuchFileException e -> "There is no file '%s'".formatted(e.getFile());
            case IOException e -> "%s".formatted(e.getMessage());
            default -> failure.toString();
        };
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end).stripTrailing();
    }
}
