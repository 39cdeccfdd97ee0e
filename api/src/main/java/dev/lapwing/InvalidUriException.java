// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** A connection URI has an unknown scheme, an unknown option or a value out of its range. */
public final class InvalidUriException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public InvalidUriException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public InvalidUriException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
