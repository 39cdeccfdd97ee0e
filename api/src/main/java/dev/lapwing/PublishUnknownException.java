// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

import org.jspecify.annotations.Nullable;

/** A message may or may not be stored: its confirmation did not arrive. */
public final class PublishUnknownException extends PublishException {
    private static final long serialVersionUID = 1L;

    /** An error with its text. */
    public PublishUnknownException(String message) {
        super(message);
    }

    /** An error with its text and what caused it. */
    public PublishUnknownException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
