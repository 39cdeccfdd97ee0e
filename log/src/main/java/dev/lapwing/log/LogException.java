// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

/** The root of what a log throws. The message names the log, what is wrong, and what to do next. */
public class LogException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LogException(String message) {
        super(message);
    }

    LogException(String message, Throwable cause) {
        super(message, cause);
    }
}
