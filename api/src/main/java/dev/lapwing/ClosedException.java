// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** The connection or subscription was closed before the call. */
public final class ClosedException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public ClosedException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public ClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
