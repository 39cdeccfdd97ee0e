// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/**
 * The broker refused a user, a password, or what that user asked for. Trying again does not help.
 */
public final class AccessDeniedException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public AccessDeniedException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public AccessDeniedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
