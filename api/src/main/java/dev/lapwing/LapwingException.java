// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * The root of every error that Lapwing tells. The text names the thing, the value it had, and what
 * to do.
 */
public class LapwingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public LapwingException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public LapwingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The text; there always is one. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
