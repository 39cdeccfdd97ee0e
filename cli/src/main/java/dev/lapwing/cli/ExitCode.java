// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

/** The exit codes that the help documents. */
final class ExitCode {
    static final int OK = 0;

    /** Something was refused, lost or not there. */
    static final int FAILED = 1;

    /** The command line, a topic or a URI is not valid. */
    static final int USAGE = 2;

    /** The broker cannot be reached, or an address or data directory is in use. */
    static final int NO_CONNECTION = 3;

    private ExitCode() {}
}
