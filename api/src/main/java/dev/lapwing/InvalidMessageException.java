// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** A message breaks a limit or a rule; nothing was sent. */
public class InvalidMessageException extends LapwingException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public InvalidMessageException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public InvalidMessageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
