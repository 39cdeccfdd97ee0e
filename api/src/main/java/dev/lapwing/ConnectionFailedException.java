// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** The broker cannot be reached, or the log cannot be opened. */
public final class ConnectionFailedException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public ConnectionFailedException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public ConnectionFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
