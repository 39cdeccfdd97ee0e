// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

/** The entry point of the {@code lapwing} command. */
public final class Main {
    private Main() {}

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(CommandLines.create(Streams.ofProcess(), System.getenv()).execute(args));
    }
}
