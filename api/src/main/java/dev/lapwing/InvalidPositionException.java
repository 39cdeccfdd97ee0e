// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** A position is not one that the topic can have given out; nothing was subscribed. */
public final class InvalidPositionException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public InvalidPositionException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public InvalidPositionException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
